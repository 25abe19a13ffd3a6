import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  fromBase64,
  fromBase64Url,
  fromHex,
  toBase32,
  toBase64,
  toBase64Url,
  toHex,
} from "../../../schemas/encodings.ts";

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

describe("fromHex", () => {
  test("reads what Node writes, in either case", () => {
    fc.assert(
      fc.property(bytes, (value) => {
        const text = Buffer.from(value).toString("hex");
        expect(fromHex(text)).toEqual(new Uint8Array(value));
        expect(fromHex(text.toUpperCase())).toEqual(new Uint8Array(value));
      }),
    );
  });

  test.each(["0", "0g", " 00", "00 ", "0x00", "é0"])("returns null for %j", (text) => {
    expect(fromHex(text)).toBeNull();
  });
});

describe("toBase32", () => {
  test("is the first bits as a number in base 32", () => {
    const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 32 }), fc.nat(), (value, more) => {
        const characters = 1 + (more % Math.floor((8 * value.length) / 5));
        let number = BigInt(`0x${Buffer.from(value).toString("hex")}`) >> BigInt(8 * value.length - 5 * characters);
        let text = "";
        for (let digit = 0; digit < characters; digit++, number /= 32n)
          text = ALPHABET.charAt(Number(number % 32n)) + text;
        expect(toBase32(value, characters)).toBe(text);
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
