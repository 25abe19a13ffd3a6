import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ulid } from "../../../src/middleware/request-id.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const milliseconds = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const entropy = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe("ulid", () => {
  test("writes the time of the specification's example", () => {
    // github.com/ulid/spec: 1469918176385 is 01ARYZ6S41.
    expect(ulid(1_469_918_176_385, new Uint8Array(10))).toBe(`01ARYZ6S41${"0".repeat(16)}`);
  });

  test("decodes to its time and its random bits", () => {
    fc.assert(
      fc.property(milliseconds, entropy, (time, bytes) => {
        const id = ulid(time, bytes);
        expect(id).toHaveLength(26);
        const bits = [...id].reduce((sum, digit) => (sum << 5n) | BigInt(ALPHABET.indexOf(digit)), 0n);
        expect(Number(bits >> 80n)).toBe(time);
        expect((bits & (2n ** 80n - 1n)).toString(16).padStart(20, "0")).toBe(Buffer.from(bytes).toString("hex"));
      }),
    );
  });

  test("sorts by time", () => {
    fc.assert(
      fc.property(milliseconds, milliseconds, entropy, entropy, (one, other, a, b) => {
        fc.pre(one < other);
        expect(ulid(one, a) < ulid(other, b)).toBe(true);
      }),
    );
  });
});
