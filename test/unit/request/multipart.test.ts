import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { splitParts } from "../../../src/request/multipart.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);
const split = (body: string, boundary: string | undefined = "b") =>
  splitParts(bytes(body), boundary).map(({ name, filename, content }) => [name, filename, text(content)]);
const part = (headers: string, content = "hi") => `--b\r\n${headers}\r\n\r\n${content}\r\n`;
const named = (name: string, content = "hi") => part(`Content-Disposition: form-data; name="${name}"`, content);

describe("splitParts", () => {
  test.each([
    ["quoted names", part('Content-Disposition: form-data; name="text"'), null],
    [
      ".NET's names without quotes",
      part("Content-Type: text/plain\r\nContent-Disposition: form-data; name=text"),
      null,
    ],
    [".NET's file", part("Content-Disposition: form-data; name=text; filename=a.png; filename*=utf-8''a.png"), "a.png"],
    ["names in another case", part('CONTENT-DISPOSITION: FORM-DATA; NAME="text"; FILENAME="A.png"'), "A.png"],
    ["a folded header", part('Content-Disposition: form-data;\r\n\tname="text";\r\n  filename="a.png"'), "a.png"],
    ["filename* alone", part("Content-Disposition: form-data; name=text; filename*=UTF-8''%ff.png"), "UTF-8''%ff.png"],
    ["no file chosen", part('Content-Disposition: form-data; name="text"; filename=""'), ""],
    ["no space after the colon", part('Content-Disposition:form-data;name="text"'), null],
  ])("reads a part with %s", (_, body, filename) => {
    expect(split(`${body}--b--\r\n`)).toEqual([["text", filename, "hi"]]);
  });

  test.each([
    ["no parts", "--b--\r\n", []],
    ["a preamble and an epilogue", `any\r\n${named("text")}--b--\r\nmore\r\n--b\r\n`, [["text", null, "hi"]]],
    ["spaces after the boundary", `${named("text").replace("--b", "--b \t")}--b-- `, [["text", null, "hi"]]],
    ["an empty part", `${named("text", "")}--b--`, [["text", null, ""]]],
    ["an empty part without its own line", `${named("text", "").slice(0, -2)}--b--`, [["text", null, ""]]],
    ["lines that end in LF", `${named("text", "hi\r").replaceAll("\r\n", "\n")}--b--\n`, [["text", null, "hi\r"]]],
    [
      "content that looks like the boundary",
      `${named("text", "--bold\r\n x--b\r\n-b\r\n--")}--b--`,
      [["text", null, "--bold\r\n x--b\r\n-b\r\n--"]],
    ],
  ])("reads a body with %s", (_, body, parts) => {
    expect(split(body)).toEqual(parts);
  });

  test("reads any bytes back", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "é", ";", " ", "="), minLength: 1 });
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.constantFrom(10, 13, 45, 98, 99), { maxLength: 50 }).map((list) => Uint8Array.from(list)),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, content), { maxLength: 5 }), (fields) => {
        const body: number[] = [];
        for (const [field, value] of fields) {
          body.push(...bytes(`--bcb\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n`), ...value, 13, 10);
        }
        body.push(...bytes("--bcb--\r\n"));
        fc.pre(fields.every(([, value]) => !text(value).includes("--bcb")));
        const parts = splitParts(Uint8Array.from(body), "bcb");
        expect(parts.map((one) => [one.name, [...one.content]])).toEqual(fields.map(([a, b]) => [a, [...b]]));
      }),
    );
  });

  test.each([
    ["no boundary in Content-Type", named("text"), "", "Content-Type has no boundary"],
    ["another boundary", named("text"), "c", "No line of the body is the boundary"],
    ["nothing", "", "b", "No line of the body is the boundary"],
    ["half a part", named("text"), "b", "The body ends inside part 1"],
    ["half a header", "--b\r\nContent-Dispo", "b", "The body ends inside the headers of part 1"],
    [
      "a part without a name",
      `${named("a")}${part("Content-Type: text/plain")}--b--`,
      "b",
      "Part 2 has no Content-Disp",
    ],
    ["a header without a colon", `${part("nonsense")}--b--`, "b", "A header of part 1 has no colon"],
    [
      "long headers",
      `${part(`a: ${"x".repeat(LIMITS.formHeaderBytes)}`)}--b--`,
      "b",
      "The headers of part 1 have more",
    ],
  ])("refuses a body with %s and says so", (_, body, boundary, message) => {
    const refused = { code: "invalid_multipart", message: expect.stringContaining(message) };
    expect(() => split(body, boundary)).toThrow(expect.objectContaining(refused));
  });

  test("takes a boundary of 70 characters, and not one more", () => {
    const boundary = "b".repeat(LIMITS.formBoundaryLength);
    expect(split(`--${boundary}--`, boundary)).toEqual([]);
    const refused = { code: "invalid_multipart", message: "The boundary in Content-Type has more than 70 characters." };
    expect(() => split("", `${boundary}b`)).toThrow(expect.objectContaining(refused));
  });

  test("makes nothing of the parts behind the limit, however many there are", () => {
    const body = new TextEncoder().encode(named("x").repeat(60_000));
    const views = vi.spyOn(body, "subarray");
    expect(() => splitParts(body, "b")).toThrow("has more than 32 parts");
    expect(views).toHaveBeenCalledTimes(2 * LIMITS.formParts);
    expect(Math.max(...views.mock.calls.map(([, end]) => end ?? 0))).toBeLessThan(33 * named("x").length);
  });

  test("takes as many parts as the limit, and not one more", () => {
    const body = Array.from({ length: LIMITS.formParts }, (_, index) => named(`f${index}`)).join("");
    expect(split(`${body}--b--`)).toHaveLength(LIMITS.formParts);
    const errors = [{ pointer: "", detail: "has more than 32 parts", limit: 32 }];
    const refused = { code: "invalid_request", fields: { errors } };
    expect(() => split(`${body}${named("x")}--b--`)).toThrow(expect.objectContaining(refused));
  });
});
