import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBase64, fromBase64Url, toBase64, toBase64Url, toHex } from "../../../schemas/encodings.ts";

const bytes = fc.uint8Array({ maxLength: 64 });

describe("toHex", () => {
  test("agrees with Node's own encoding", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(toHex(value)).toBe(Buffer.from(value).toString("hex"));
      }),
    );
  });
});

describe("fromBase64", () => {
  test("reads what Node writes, padded or not", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = Buffer.from(value).toString("base64");
        expect(fromBase64(text)).toEqual(new Uint8Array(value));
        expect(fromBase64(text.replaceAll("=", ""))).toEqual(new Uint8Array(value));
      }),
    );
  });

  test.each(["a", "a=b=", "%%%%", "–"])("returns null for %s", (text) => {
    expect(fromBase64(text)).toBeNull();
  });
});

describe("toBase64", () => {
  test("agrees with Node's own encoding", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(toBase64(value)).toBe(Buffer.from(value).toString("base64"));
      }),
    );
  });
});

describe("toBase64Url", () => {
  test("agrees with Node's own encoding, and fromBase64Url reads it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), (value) => {
        const text = toBase64Url(value);
        expect(text).toBe(Buffer.from(value).toString("base64url"));
        expect(fromBase64Url(text)).toEqual(new Uint8Array(value));
      }),
    );
  });

  test.each(["", "a+b/", "ab=="])("fromBase64Url returns null for %j", (text) => {
    expect(fromBase64Url(text)).toBeNull();
  });
});
