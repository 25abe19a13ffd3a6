import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { readBody as readBodyInTime } from "../../../src/request/read-body.ts";

const readBody = (request: Request) => readBodyInTime(request, new AbortController().signal);
const post = (body: BodyInit, type?: string) =>
  readBody(
    new Request("https://namesight.test/", { method: "POST", body, headers: type ? { "content-type": type } : {} }),
  );
const form = (...parts: Array<[string, string | File]>) => {
  const data = new FormData();
  for (const [name, value] of parts) data.append(name, value);
  return post(data);
};
const file = (bytes: number) => new File([new Uint8Array(bytes)], "a.png");

describe("readBody", () => {
  test("reads JSON fields, whatever parameters the media type has", async () => {
    expect(await post('{"text":"a"}', "Application/JSON; charset=utf-8")).toEqual({
      fields: { text: "a" },
      image: null,
      bytes: 12,
    });
  });

  test("reads a form's plain fields, those that are JSON as JSON, and the picture as bytes", async () => {
    const { fields, image } = await form(["text", "1"], ["max_entities", "3"], ["labels", "fine"], ["image", file(2)]);
    expect({ ...fields }).toEqual({ text: "1", max_entities: 3, labels: "fine" });
    expect(image).toEqual(new Uint8Array(2));
  });

  test("reads the fields of the part `request`", async () => {
    const { fields } = await form(["request", '{"text":"a"}'], ["image", file(1)]);
    expect({ ...fields }).toEqual({ text: "a" });
  });

  test.each<[what: string, body: () => Promise<unknown>, code: string, pointer?: string]>([
    ["another media type", () => post("text", "text/plain"), "unsupported_media_type"],
    ["no media type", () => post(new Blob(["{}"])), "unsupported_media_type"],
    ["broken JSON", () => post("{", "application/json"), "invalid_json"],
    ["bytes that are no UTF-8", () => post(new Uint8Array([34, 255, 34]), "application/json"), "invalid_json"],
    ["JSON that is no object", () => post("[]", "application/json"), "invalid_request", ""],
    ["a form without its boundary", () => post("--x", "multipart/form-data"), "invalid_multipart"],
    ["a field twice", () => form(["text", "a"], ["text", "b"]), "invalid_request", "/text"],
    ["a file that is not the picture", () => form(["text", file(1)]), "invalid_request", "/text"],
    ["a field beside request", () => form(["request", "{}"], ["text", "a"]), "invalid_request", "/text"],
    ["the picture twice", () => form(["request", '{"image":"x"}'], ["image", file(1)]), "invalid_request", "/image"],
    ["a picture that is too large", () => form(["image", file(LIMITS.uploadBytes + 1)]), "body_too_large", "/image"],
  ])("refuses %s", async (_, body, code, pointer) => {
    const errors = pointer === undefined ? {} : { fields: { errors: [expect.objectContaining({ pointer })] } };
    await expect(body()).rejects.toMatchObject({ code, ...errors });
  });

  test.each(["gzip", "br", "zstd", "x-custom", "identity, gzip"])(
    "refuses Content-Encoding %s by name",
    async (encoding) => {
      const headers = { "content-type": "application/json", "content-encoding": encoding };
      const request = new Request("https://namesight.test/", { method: "POST", body: '{"text":"a"}', headers });
      await expect(readBody(request)).rejects.toMatchObject({
        code: "unsupported_media_type",
        message: expect.stringContaining(`Content-Encoding ${encoding} is not supported`),
        headers: { "Accept-Encoding": "identity" },
      });
    },
  );

  test("accepts Content-Encoding identity", async () => {
    const headers = { "content-type": "application/json", "content-encoding": "Identity" };
    const request = new Request("https://namesight.test/", { method: "POST", body: '{"text":"a"}', headers });
    expect((await readBody(request)).fields).toEqual({ text: "a" });
  });

  test("obeys the charset of JSON, or refuses it by name", async () => {
    expect((await post('{"text":"é"}', 'application/json; CharSet="UTF8"')).fields).toEqual({ text: "é" });
    await expect(post('{"text":"a"}', "application/json; charset=iso-8859-1")).rejects.toMatchObject({
      code: "unsupported_media_type",
      message: expect.stringContaining("iso-8859-1"),
    });
  });

  test("gives a field called __proto__ no effect", async () => {
    const { fields } = await form(["__proto__", "x"]);
    expect(Object.getPrototypeOf(fields)).toBeNull();
    expect(Object.keys(fields)).toEqual(["__proto__"]);
  });
});
