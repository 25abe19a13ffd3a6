import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Keys } from "../../../src/accounts/keys.ts";
import { sha256 } from "../../../src/storage/digest.ts";

const keys = new Keys("the secret of this test");
const bytes = (fill: number) => (length: number) => new Uint8Array(length).fill(fill);
const account = fc.stringMatching(/^[a-z0-9]{4,32}$/);
const mode = fc.constantFrom("live" as const, "test" as const);
const random = fc.integer({ min: 0, max: 255 }).map(bytes);

describe("Keys", () => {
  test("ends a key with the first 12 digits of an HMAC-SHA256 of what stands before them", async () => {
    const made = await new Keys("k").make("newsroom", "live", bytes(0xab));
    // Computed with: printf nk_live_newsroom_$(printf 'ab%.0s' {1..20}) | openssl dgst -sha256 -hmac k
    expect(made.text).toBe(`nk_live_newsroom_${"ab".repeat(20)}6594d377bc79`);
    expect(made).toMatchObject({ id: `key_${"ab".repeat(12)}`, lastFour: made.text.slice(-4) });
    expect(made.hash).toBe(await sha256(made.text));
  });

  test("reads every key that it made", async () => {
    await fc.assert(
      fc.asyncProperty(account, mode, random, async (name, kind, randomBytes) => {
        const { text, hash } = await keys.make(name, kind, randomBytes);
        expect(await keys.read(text)).toEqual({ account: name, mode: kind, hash });
        expect(await new Keys("another secret").read(text)).toBeNull();
      }),
    );
  });

  test("reads no key that was cut, lengthened or changed at any place, and no other text", async () => {
    const at = fc.nat({ max: 200 });
    const character = fc.oneof(
      fc.constantFrom(..."0123456789abcdefLNk_- \n"),
      fc.string({ minLength: 1, maxLength: 1 }),
    );
    await fc.assert(
      fc.asyncProperty(
        account,
        mode,
        random,
        at,
        character,
        fc.string(),
        async (name, kind, randomBytes, n, c, other) => {
          const { text } = await keys.make(name, kind, randomBytes);
          const place = n % text.length;
          const changed = [
            text.slice(0, place),
            text.slice(place + 1),
            text.slice(0, place) + text.slice(place + 1),
            text.slice(0, place) + c + text.slice(place),
            text.slice(0, place) + c + text.slice(place + 1),
            text.toUpperCase(),
            other,
          ];
          for (const candidate of changed) if (candidate !== text) expect(await keys.read(candidate)).toBeNull();
        },
      ),
    );
  });
});
