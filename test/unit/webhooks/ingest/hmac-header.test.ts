import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HmacScheme } from "../../../../schemas/sources.ts";
import { hmacHeader } from "../../../../src/webhooks/ingest/hmac-header.ts";

const NOW = 1_700_000_000;
const SECRET = "a secret of this test";
const schemes = fc.record({
  scheme: fc.constant("hmac" as const),
  header: fc.constantFrom("X-Signature", "x-wc-webhook-signature"),
  algorithm: fc.constantFrom("sha256" as const, "sha1" as const, "sha512" as const),
  prefix: fc.constantFrom("", "sha256=", "v0=", "HMAC-SHA256:"),
  encoding: fc.constantFrom("hex" as const, "base64" as const),
  timestamp_header: fc.constantFrom(undefined, "X-Timestamp"),
  tolerance_seconds: fc.constantFrom(1, 300),
});
const bodies = fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes));

/** The headers that a sender writes, by Node's own HMAC. */
function sign(scheme: HmacScheme, body: Uint8Array, secret = SECRET, time = NOW): Headers {
  const { header, algorithm, prefix, encoding, timestamp_header } = scheme;
  const head = timestamp_header === undefined ? "" : `${time}.`;
  const code = createHmac(algorithm, secret).update(head).update(body).digest(encoding);
  return new Headers({ [header]: prefix + code, ...(timestamp_header && { [timestamp_header]: String(time) }) });
}

async function isAuthentic(scheme: HmacScheme, headers: Headers, body: Uint8Array<ArrayBuffer>, secret = SECRET) {
  const way = hmacHeader(scheme, secret);
  const claim = way.readClaim(headers, NOW);
  return claim !== null && way.isSigned(claim, body);
}

describe("an HMAC in a header", () => {
  test("is right for what Node signs, by every algorithm, prefix and encoding, with and without a timestamp", async () => {
    await fc.assert(
      fc.asyncProperty(schemes, bodies, async (scheme, body) => {
        expect(await isAuthentic(scheme, sign(scheme, body), body)).toBe(true);
      }),
    );
  });

  test("is wrong when any byte of the body was changed, or it was signed with another secret", async () => {
    await fc.assert(
      fc.asyncProperty(
        schemes,
        bodies,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (scheme, body, at, change) => {
          const headers = sign(scheme, body);
          const changed = body.length === 0 ? Uint8Array.of(change) : body.slice();
          changed[at % changed.length] = (body[at % changed.length] ?? 0) ^ change;
          expect(await isAuthentic(scheme, headers, changed)).toBe(false);
          expect(await isAuthentic(scheme, headers, body, `${SECRET}!`)).toBe(false);
        },
      ),
    );
  });

  test("is wrong when any character of the header was changed, left out or added", async () => {
    await fc.assert(
      fc.asyncProperty(schemes, bodies, fc.nat(), async (scheme, body, at) => {
        const sent = sign(scheme, body).get(scheme.header) ?? "";
        const place = at % sent.length;
        const other = sent[place] === "0" ? "1" : "0";
        const others = [sent.slice(0, place) + other + sent.slice(place + 1), `${sent}0`, sent.slice(1), `0${sent}`];
        for (const value of others) {
          const headers = sign(scheme, body);
          headers.set(scheme.header, value);
          // The last characters of base64 have bits that count for nothing.
          const decoded = Buffer.from(value.slice(scheme.prefix.length), scheme.encoding);
          const same = decoded.equals(Buffer.from(sent.slice(scheme.prefix.length), scheme.encoding));
          if (!same || !value.startsWith(scheme.prefix)) {
            expect([value, await isAuthentic(scheme, headers, body)]).toEqual([value, false]);
          }
        }
      }),
    );
  });

  test("is read when its time is within the tolerance, and only then; the time is signed", async () => {
    const scheme = HmacScheme.parse({ scheme: "hmac", header: "x-s", timestamp_header: "x-t", tolerance_seconds: 60 });
    const body = new TextEncoder().encode("{}") as Uint8Array<ArrayBuffer>;
    for (const [time, isRight] of [
      [NOW - 60, true],
      [NOW + 60, true],
      [NOW - 61, false],
      [NOW + 61, false],
    ] as const) {
      expect([time, await isAuthentic(scheme, sign(scheme, body, SECRET, time), body)]).toEqual([time, isRight]);
    }
    const moved = sign(scheme, body, SECRET, NOW - 3_600);
    moved.set("x-t", String(NOW));
    expect(await isAuthentic(scheme, moved, body)).toBe(false);
    const without = sign(scheme, body);
    without.delete("x-t");
    expect(await isAuthentic(scheme, without, body)).toBe(false);
  });

  test("that is far too long is refused before it is decoded", () => {
    const scheme = HmacScheme.parse({ scheme: "hmac", header: "x-s" });
    expect(hmacHeader(scheme, SECRET).readClaim(new Headers({ "x-s": "0".repeat(8_000) }), NOW)).toBeNull();
  });
});
