import { expect, test } from "vitest";
import { SignatureScheme } from "../../../../schemas/sources.ts";
import { resolveScheme } from "../../../../src/webhooks/ingest/scheme-presets.ts";

test("a preset is a scheme as its system documents it, and a valid one", () => {
  for (const [scheme, header, idHeader] of [
    ["github", "x-hub-signature-256", "x-github-delivery"],
    ["mastodon", "x-hub-signature", null],
  ] as const) {
    const resolved = resolveScheme({ scheme });
    expect(resolved).toMatchObject({ signature: { scheme: "hmac", header, prefix: "sha256=" }, idHeader });
    expect(SignatureScheme.parse(resolved.signature)).toEqual(resolved.signature);
  }
});

test("a header is trusted where it is signed, or where nothing is", () => {
  const trusted = (given: object) => resolveScheme(SignatureScheme.parse(given)).trustedHeader;
  expect(trusted({ scheme: "standard-webhooks" })).toBe("webhook-id");
  expect(trusted({ scheme: "bearer" })).toBe("any");
  for (const given of [
    { scheme: "github" },
    { scheme: "mastodon" },
    { scheme: "stripe" },
    { scheme: "hmac", header: "x" },
  ]) {
    expect(trusted(given)).toBeNull();
  }
});
