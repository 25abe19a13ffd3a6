import { expect, test } from "vitest";
import { fromBase64 } from "../../../schemas/encodings.ts";
import { toBase64 } from "../../../src/image/data-url.ts";
import { blackPng } from "../../support/png.ts";
import { readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const ADDRESS = "https://pictures.newsroom.com/a.png?key=abc";

/** An app whose requests to the public internet all get `answer`. */
function startOnline(answer: (url: URL) => Response | Promise<Response>) {
  const asked: string[] = [];
  const fetchPublic = async (url: URL) => {
    asked.push(url.href);
    return answer(url);
  };
  return { ...startApp(scriptedPost(), { fetchPublic }), asked };
}

test("downloads a picture from its URL and does not tell models the URL", async () => {
  const png = await blackPng(80, 60);
  const app = startOnline(() => new Response(png));
  const answer = await readAnswer(await app.post({ text: TEXT, image: ADDRESS }));
  expect(app.asked).toEqual([ADDRESS]);
  expect(answer).toMatchObject({ partial: false, image: { width: 80, height: 60 } });
  expect(JSON.stringify(app.cog.calls.map(({ input }) => input))).not.toContain("newsroom");
  expect(JSON.stringify(app.lines)).not.toMatch(/newsroom|key=abc/);
});

test("downloads pictures for stage routes too", async () => {
  const png = await blackPng(80, 60);
  const app = startOnline(() => new Response(png));
  const body = { image: ADDRESS, boxes: [{ box: { xmin: 1, ymin: 1, xmax: 9, ymax: 9 } }] };
  expect((await app.post(body, {}, "/v1/segment")).status).toBe(200);
});

test("reads a picture in every form of data URL and base64 that clients write", async () => {
  const base64 = toBase64(await blackPng(80, 60));
  const urlSafe = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const escaped = [...(fromBase64(base64) ?? [])].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  for (const image of [
    base64,
    urlSafe,
    encodeURIComponent(base64),
    base64.replace(/.{76}/g, "$&\r\n"),
    `DATA:IMAGE/PNG;BASE64,${base64}`,
    ` data:image/png; base64, ${urlSafe}\n`,
    `data:image/png;base64,${encodeURIComponent(base64)}`,
    `data:image/png,${escaped}`,
  ]) {
    const answer = await readAnswer(await startApp(scriptedPost()).post({ text: TEXT, image }));
    expect(answer).toMatchObject({ image: { width: 80, height: 60 } });
  }
});

test("reads an address in upper case, between spaces", async () => {
  const png = await blackPng(80, 60);
  const app = startOnline(() => new Response(png));
  await readAnswer(await app.post({ text: TEXT, image: " HTTPS://pictures.newsroom.com/a.png?key=abc\n" }));
  expect(app.asked).toEqual([ADDRESS]);
});

test.each([
  ["http", "http://pictures.newsroom.com/a.png"],
  ["another scheme", "ftp://pictures.newsroom.com/a.png"],
  ["a file", "file:///etc/passwd"],
  ["the loopback", "https://127.0.0.1/a.png"],
  ["the loopback in hexadecimal", "https://0x7f.1/a.png"],
  ["a private network", "https://192.168.0.1/a.png"],
  ["the loopback in IPv6", "https://[::ffff:127.0.0.1]/a.png"],
  ["the metadata service", "https://169.254.169.254/latest/meta-data"],
  ["another port", "https://pictures.newsroom.com:8443/a.png"],
  ["credentials", "https://a:b@pictures.newsroom.com/a.png"],
  ["no host", "https://"],
])("sends no request when the URL is refused: %s", async (_, image) => {
  const app = startOnline(() => new Response("secret"));
  const problem = await readProblem(await app.post({ text: TEXT, image }));
  expect(problem).toMatchObject({ status: 422, code: "picture_not_fetched", errors: [{ pointer: "/image" }] });
  expect(app.asked).toEqual([]);
});

test("asks for the bytes when a URL carries a bot's token, and does not repeat the URL", async () => {
  const app = startOnline(() => new Response("secret"));
  const image = "https://api.telegram.org/file/bot123456:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/photos/file_0.jpg";
  const problem = await readProblem(await app.post({ text: TEXT, image }));
  expect(problem).toMatchObject({ code: "picture_not_fetched", detail: expect.stringContaining("upload the bytes") });
  expect(JSON.stringify([problem, app.lines])).not.toContain("AAEhBOweik6ad9r");
  expect(app.asked).toEqual([]);
});

test.each([
  ["an error", () => new Response("", { status: 404 }), "picture_not_fetched"],
  [
    "a redirect to the loopback",
    () => new Response(null, { status: 302, headers: { location: "https://localhost/" } }),
    "picture_not_fetched",
  ],
  [
    "an HTML page",
    () => new Response("<!doctype html>", { headers: { "content-type": "image/png" } }),
    "picture_type_not_supported",
  ],
  ["too many bytes", () => new Response(new Uint8Array(11 * 1024 * 1024)), "picture_not_fetched"],
  ["no bytes", () => new Response(""), "picture_not_fetched"],
])("refuses a URL whose response is or has: %s", async (_, answer, code) => {
  expect(await readProblem(await startOnline(answer).post({ text: TEXT, image: ADDRESS }))).toMatchObject({ code });
});
