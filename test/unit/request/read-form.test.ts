import { describe, expect, test } from "vitest";
import { parseHeader } from "../../../src/request/header-value.ts";
import { readForm } from "../../../src/request/read-form.ts";

const PNG = "\x89PNG\r\n\x1a\n\0";
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const type = parseHeader("multipart/form-data; boundary=b");

/** A form of parts in Latin-1, each with its headers and its content. */
const read = (...parts: Array<[headers: string, content: string]>) => {
  const body = parts.map(
    ([headers, content]) => `--b\r\nContent-Disposition: form-data; ${headers}\r\n\r\n${content}\r\n`,
  );
  const { fields, image } = readForm(latin1(`${body.join("")}--b--\r\n`), type);
  return { fields: { ...fields }, image };
};

/** What Node's fetch sends for a form. */
async function sentByNode(fields: Record<string, string>) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const request = new Request("https://namesight.test/", { method: "POST", body: form });
  const header = parseHeader(request.headers.get("content-type") ?? "");
  const bytes = new Uint8Array(await request.arrayBuffer());
  return { wire: new TextDecoder().decode(bytes), fields: { ...readForm(bytes, header).fields } };
}

describe("readForm", () => {
  test("reads the line breaks of a text as the caller of fetch wrote them", async () => {
    const text = "Rain in Boston\n\nObama 🙂 arrives\n";
    const { wire, fields } = await sentByNode({ text, caption: "a\nb", tokens: '["a\\r\\nb",\n"c"]' });
    expect(wire).toContain("Boston\r\n\r\nObama");
    expect(fields).toEqual({ text, caption: "a\nb", tokens: ["a\r\nb", "c"] });
  });

  test("keeps the line breaks inside the JSON of `request`", async () => {
    const { fields } = await sentByNode({ request: JSON.stringify({ text: "a\r\nb\nc\rd" }, null, 2) });
    expect(fields).toEqual({ text: "a\r\nb\nc\rd" });
  });

  test.each([
    ["a file name", 'name="image"; filename="a.png"'],
    ["an empty file name", 'name="image"; filename=""'],
    ["only filename*", "name=image; filename*=UTF-8''a.png"],
    ["an image's type alone", 'name="image"\r\nContent-Type: image/png'],
    ["the type of any bytes", 'name="image"\r\nContent-Type: application/octet-stream'],
    ["a wrong type", 'name="image"\r\nContent-Type: text/plain'],
    ["neither a type nor a file name", 'name="image"'],
    ["an encoding that changes nothing", 'name="image"\r\nContent-Transfer-Encoding: BINARY'],
  ])("reads a picture with %s", (_, headers) => {
    expect(read([headers, PNG])).toEqual({ fields: {}, image: latin1(PNG) });
  });

  test("reads a picture whose bytes happen to be UTF-8", () => {
    expect(read(["name=image", "RIFF\x10\0\0\0WEBP"]).image).toHaveLength(12);
  });

  test("reads an address in the part image as a field", () => {
    const image = "https://pictures.newsroom.com/ä.png".replace("ä", "\xc3\xa4");
    expect(read(["name=image\r\nContent-Type: text/plain; charset=utf-8", image])).toEqual({
      fields: { image: "https://pictures.newsroom.com/ä.png" },
      image: null,
    });
  });

  test("takes a form in which no file was chosen for one without a picture", () => {
    const unchosen = 'name="image"; filename=""\r\nContent-Type: application/octet-stream';
    expect(read(["name=text", "a"], [unchosen, ""])).toEqual({ fields: { text: "a" }, image: null });
    expect(read(["name=request", '{"image":"x"}'], [unchosen, ""])).toEqual({ fields: { image: "x" }, image: null });
  });

  test("reads a byte order mark before JSON, and keeps one in a text", () => {
    const mark = "\xef\xbb\xbf";
    expect(read(["name=request", `${mark}{"text":"a"}`]).fields).toEqual({ text: "a" });
    expect(read(["name=text", `${mark}a`], ["name=tokens", `${mark}["a"]`]).fields).toEqual({
      text: "\ufeffa",
      tokens: ["a"],
    });
  });

  test("reads JSON that a browser sends as a Blob, with a file name, and no other field as a file", () => {
    const blob = (name: string, type: string) => `name=${name}; filename="blob"\r\nContent-Type: ${type}`;
    expect(read([blob("tokens", "application/json"), '["a"]']).fields).toEqual({ tokens: ["a"] });
    expect(read([blob("request", "application/json"), '{"text":"a"}']).fields).toEqual({ text: "a" });
    expect(() => read([blob("text", "application/json"), "a"])).toThrow("/text is a file");
    expect(() => read([blob("tokens", "text/plain"), '["a"]'])).toThrow("/tokens is a file");
  });

  test.each([
    ["True", true],
    ["False", false],
  ])("reads Python's %s", (written, store) => {
    expect(read(["name=store", written], ["name=text", written]).fields).toEqual({ store, text: written });
  });

  test.each([
    ["a text that is not UTF-8", ["name=text", "caf\xe9"], "invalid_multipart", "/text"],
    ["JSON that is not UTF-8", ["name=tokens", '["\xe9"]'], "invalid_json", "/tokens"],
    ...["tokens", "entities", "boxes", "thresholds", "webhook", "labels", "max_entities", "store"].map(
      (name): [string, [string, string], string, string] => [
        `broken JSON in ${name}`,
        [`name=${name}`, "{bad"],
        "invalid_json",
        `/${name}`,
      ],
    ),
    ["a word for an object", ["name=webhook", "yes"], "invalid_json", "/webhook"],
    ["`request` that is not UTF-8", ["name=request", '{"text":"\xe9"}'], "invalid_json", "/request"],
    [
      "another charset",
      ["name=text\r\nContent-Type: text/plain; charset=big5", "a"],
      "unsupported_media_type",
      "/text",
    ],
    [
      "base64",
      ["name=image; filename=a\r\nContent-Transfer-Encoding: base64", "aa"],
      "unsupported_media_type",
      "/image",
    ],
    ["gzip", ["name=text\r\nContent-Encoding: gzip", "a"], "unsupported_media_type", "/text"],
    ["a picture for another field", ["name=text\r\nContent-Type: image/png", PNG], "invalid_request", "/text"],
    ["a file of any name", ["name=a/b; filename=a.png", PNG], "invalid_request", "/a~1b"],
  ] satisfies Array<[string, [string, string], string, string]>)("refuses %s by name", (_, part, code, pointer) => {
    const errors = [expect.objectContaining({ pointer })];
    expect(() => read(part)).toThrow(expect.objectContaining({ code, fields: { errors } }));
  });

  test("leaves a word that is no JSON to the schema where a field may be a word, a number or a boolean", () => {
    const sent: [string, string][] = [
      ["name=labels", "fine"],
      ["name=max_entities", "ten"],
      ["name=store", "yes"],
    ];
    expect(read(...sent).fields).toEqual({ labels: "fine", max_entities: "ten", store: "yes" });
  });

  test("refuses another charset of the whole form by name", () => {
    const form = parseHeader("multipart/form-data; boundary=b; charset=ISO-8859-1");
    expect(() => readForm(latin1("--b--"), form)).toThrow("the charset ISO-8859-1");
  });
});
