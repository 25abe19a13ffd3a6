import { expect, test } from "vitest";
import { decodeText } from "../../../src/request/decode-text.ts";
import { parseHeader } from "../../../src/request/header-value.ts";

const decode = (bytes: Iterable<number>, type: string | null, where = "/text") =>
  decodeText(Uint8Array.from(bytes), type === null ? null : parseHeader(type), where, "invalid_multipart");

test.each([null, "text/plain", "text/plain; charset=", 'a/b; charset="UTF-8"', "a/b; charset=utf8"])(
  "reads UTF-8 with its byte order mark when the type is %s",
  (type) => {
    expect(decode([0xef, 0xbb, 0xbf, 0xc3, 0xa9], type)).toBe("\ufeffé");
  },
);

test("reads what is declared as US-ASCII and is it", () => {
  expect(decode([97], "text/plain; charset=US-ASCII")).toBe("a");
});

test.each([
  ["a lone byte of Latin-1", [97, 0xe9], null, "invalid_multipart", "/text is not valid UTF-8."],
  ["half a character", [0xf0, 0x9f], "text/plain; charset=utf-8", "invalid_multipart", "/text is not valid UTF-8."],
  ["an encoded surrogate", [0xed, 0xa0, 0x80], null, "invalid_multipart", "/text is not valid UTF-8."],
  ["UTF-8 declared as ASCII", [0xc3, 0xa9], "a/b; charset=ascii", "invalid_multipart", "declared as ascii"],
  ["Latin-1 by its name", [97], "a/b; charset=ISO-8859-1", "unsupported_media_type", "the charset ISO-8859-1;"],
  ["UTF-16 by its name", [97, 0], "a/b; charset=utf-16", "unsupported_media_type", "the charset utf-16;"],
  ["a name that nobody knows", [97], "a/b; charset=x", "unsupported_media_type", "the charset x;"],
])("refuses %s", (_, bytes, type, code, message) => {
  const errors = [expect.objectContaining({ pointer: "/text" })];
  const refused = { code, message: expect.stringContaining(message), fields: { errors } };
  expect(() => decode(bytes, type)).toThrow(expect.objectContaining(refused));
});
