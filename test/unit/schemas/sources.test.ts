import { describe, expect, test } from "vitest";
import { CreateSourceRequest, Pointer, RequestSettings, SourceId } from "../../../schemas/sources.ts";

const SOURCE = { name: "desk", signature: { scheme: "github" }, mapping: { text: "/text" } };
const isValid = (change: object) => CreateSourceRequest.safeParse({ ...SOURCE, ...change }).success;

test.each(["", "/", "/a", "/a/0/b", "/a~0b/~1", "/*/x", "/a b"])("%j is a pointer", (pointer) => {
  expect(Pointer.safeParse(pointer).success).toBe(true);
});

test.each(["a", "a/b", "/~", "/~2", "$.a", "#/a", `/${"a".repeat(500)}`])("%j is none", (pointer) => {
  expect(Pointer.safeParse(pointer).success).toBe(false);
});

test("a pointer of a megabyte is refused at once", () => {
  for (const text of ["/~0".repeat(300_000), "/".repeat(1_000_000), "~".repeat(1_000_000)]) {
    expect(Pointer.safeParse(text).success).toBe(false);
  }
});

test("the id of a source is src_ and 24 hexadecimal digits", () => {
  expect(SourceId.safeParse(`src_${"0a".repeat(12)}`).success).toBe(true);
  for (const id of ["src_", `src_${"A".repeat(24)}`, `src_${"0".repeat(25)}`, `x/src_${"0".repeat(24)}`]) {
    expect(SourceId.safeParse(id).success).toBe(false);
  }
});

describe("a source", () => {
  test("has defaults that are a request's own", () => {
    expect(RequestSettings.parse({})).toMatchObject({ task: "smner", labels: "gmner", store: true });
    expect(isValid({ defaults: { labels: ["ship", "crew"], thresholds: { visible: 0.5 } } })).toBe(true);
    for (const field of ["text", "tokens", "image", "entities", "webhook", "colour"]) {
      expect([field, isValid({ defaults: { [field]: "x" } })]).toEqual([field, false]);
    }
  });

  test("has the defaults of a scheme", () => {
    const { signature } = CreateSourceRequest.parse({ ...SOURCE, signature: { scheme: "hmac", header: "x-sig" } });
    expect(signature).toEqual({
      scheme: "hmac",
      header: "x-sig",
      algorithm: "sha256",
      prefix: "",
      encoding: "hex",
      tolerance_seconds: 300,
    });
  });

  test.each<[string, object, boolean]>([
    ["a secret of 16 characters", { secret: "0123456789abcdef" }, true],
    ["one of 15", { secret: "0123456789abcde" }, false],
    ["one with a space", { secret: "0123456789 abcdef" }, false],
    [
      "a secret of Standard Webhooks",
      { signature: { scheme: "standard-webhooks" }, secret: `whsec_${"A".repeat(32)}` },
      true,
    ],
    ["another one there", { signature: { scheme: "standard-webhooks" }, secret: "0123456789abcdef" }, false],
    ["two replies", { reply: { url: "https://a.example.org/", pointer: "/a" } }, false],
    ["a header with a line break", { signature: { scheme: "bearer", header: "a\r\nb" } }, false],
    ["no text", { mapping: { text: [] } }, false],
    ["a hundred pointers", { mapping: { text: Array(100).fill("/a") } }, false],
  ])("with %s", (_, change, valid) => {
    expect(isValid(change)).toBe(valid);
  });
});
