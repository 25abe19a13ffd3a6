import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { readJsonFields, readParameters } from "../../../src/request/read-fields.ts";

const Fields = z.strictObject({ size: z._default(z.int(), 1) });
const read = (body: BodyInit | null, type = "application/json", more: Record<string, string> = {}, query = "") =>
  readJsonFields(
    new Request(`https://namesight.test/${query}`, {
      method: "POST",
      headers: { ...(type && { "content-type": type }), ...more },
      body,
    }),
    Fields,
    AbortSignal.timeout(1_000),
  );

describe("readJsonFields", () => {
  test("gives the fields, and their defaults without a body", async () => {
    expect(await read('{"size": 2}')).toEqual({ size: 2 });
    expect(await read("{}", "application/json; charset=utf-8")).toEqual({ size: 1 });
    expect(await read(null, "")).toEqual({ size: 1 });
  });

  test.each([
    ["no JSON", "{", "application/json", {}, "", "invalid_json"],
    ["no object", "[]", "application/json", {}, "", "invalid_request"],
    ["an unknown field", '{"a": 1}', "application/json", {}, "", "invalid_request"],
    ["a field twice", '{"size": 1, "size": 2}', "application/json", {}, "", "invalid_request"],
    ["a form", "size=1", "application/x-www-form-urlencoded", {}, "", "unsupported_media_type"],
    ["a compressed body", "x", "application/json", { "content-encoding": "gzip" }, "", "unsupported_media_type"],
    ["too many bytes", " ".repeat(LIMITS.accountBodyBytes + 1), "application/json", {}, "", "body_too_large"],
    ["a query", "{}", "application/json", {}, "?size=1", "invalid_request"],
  ])("refuses %s", async (_what, body, type, headers, query, code) => {
    await expect(read(body, type, headers, query)).rejects.toMatchObject({ code });
  });
});

describe("readParameters", () => {
  const Parameters = z.strictObject({ limit: z._default(z.coerce.number(), 5) });

  test("gives the parameters, and their defaults", () => {
    expect(readParameters("https://a.test/?limit=7", Parameters)).toEqual({ limit: 7 });
    expect(readParameters("https://a.test/", Parameters)).toEqual({ limit: 5 });
  });

  test.each(["?limit=1&limit=2", "?limit=x", "?other=1"])("refuses %s", (query) => {
    expect(() => readParameters(`https://a.test/${query}`, Parameters)).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
  });
});
