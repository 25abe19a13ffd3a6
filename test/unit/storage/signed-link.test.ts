import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinkSigner } from "../../../src/storage/signed-link.ts";

const PATH = "/v1/masks/public/abc.png";
const signer = new LinkSigner("a secret of this test");
const queryOf = async (expires: number, by = signer) => new URLSearchParams(await by.sign(PATH, expires));

describe("LinkSigner", () => {
  test("signs with HMAC-SHA256 over the path, a line break and the expiry", async () => {
    // Computed with: printf '/p\n5' | openssl dgst -sha256 -hmac k -binary | basenc --base64url, without "=".
    expect(await new LinkSigner("k").sign("/p", 5)).toBe(
      "expires=5&signature=xanyideCN0_bUwuf8TGr-fTBnQB8KnBLJJxsfARKGdo",
    );
  });

  test("accepts its own link until it expires", async () => {
    const query = await queryOf(1_000);
    expect(await signer.check(PATH, query, 999)).toBe("valid");
    expect(await signer.check(PATH, query, 1_000)).toBe("expired");
  });

  test("refuses another path, another expiry, another secret and a missing part", async () => {
    const query = await queryOf(1_000);
    expect(await signer.check(`${PATH}x`, query, 1)).toBe("invalid");
    expect(await new LinkSigner("another secret").check(PATH, query, 1)).toBe("invalid");
    for (const [name, value] of [
      ["expires", "1001"],
      ["expires", ""],
      ["expires", "1e3"],
      ["signature", ""],
      ["signature", "AAAA"],
      ["signature", "not base64!"],
    ] as const) {
      const changed = new URLSearchParams(query);
      changed.set(name, value);
      expect(await signer.check(PATH, changed, 1)).toBe("invalid");
    }
    expect(await signer.check(PATH, new URLSearchParams(), 1)).toBe("invalid");
  });

  test("says invalid and not expired when a link with a past expiry was not signed", async () => {
    const query = await queryOf(1_000);
    query.set("expires", "1");
    expect(await signer.check(PATH, query, 500)).toBe("invalid");
  });

  test("refuses a signature with any character changed", async () => {
    const query = await queryOf(1_000);
    const signature = query.get("signature") ?? "";
    // The last character holds only four bits of the signature, so another one may decode to the same bytes.
    await fc.assert(
      fc.asyncProperty(fc.nat(signature.length - 2), fc.constantFrom(..."AZaz09-_"), async (at, character) => {
        fc.pre(signature[at] !== character);
        query.set("signature", signature.slice(0, at) + character + signature.slice(at + 1));
        expect(await signer.check(PATH, query, 1)).toBe("invalid");
      }),
    );
  });
});
