import { expect, test } from "vitest";
import { blackPng } from "../../support/png.ts";
import { readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const ADDRESS = "https://pictures.newsroom.com/a.png?key=abc";

/** An app for which the public internet is `answer`. */
function startOnline(answer: (url: URL) => Response | Promise<Response>) {
  const asked: string[] = [];
  const fetchPublic = async (url: URL) => {
    asked.push(url.href);
    return answer(url);
  };
  return { ...startApp(scriptedPost(), { fetchPublic }), asked };
}

test("a picture may be given by its address; we fetch it, and models never see where it was", async () => {
  const png = await blackPng(80, 60);
  const app = startOnline(() => new Response(png));
  const answer = await readAnswer(await app.post({ text: TEXT, image: ADDRESS }));
  expect(app.asked).toEqual([ADDRESS]);
  expect(answer).toMatchObject({ partial: false, image: { width: 80, height: 60 } });
  expect(JSON.stringify(app.cog.calls.map(({ input }) => input))).not.toContain("newsroom");
  expect(JSON.stringify(app.lines)).not.toMatch(/newsroom|key=abc/);
});

test("the stages take addresses too", async () => {
  const png = await blackPng(80, 60);
  const app = startOnline(() => new Response(png));
  const body = { image: ADDRESS, boxes: [{ box: { xmin: 1, ymin: 1, xmax: 9, ymax: 9 } }] };
  expect((await app.post(body, {}, "/v1/segment")).status).toBe(200);
});

test.each([
  ["http", "http://pictures.newsroom.com/a.png"],
  ["another scheme", "ftp://pictures.newsroom.com/a.png"],
  ["a file", "file:///etc/passwd"],
  ["this machine", "https://127.0.0.1/a.png"],
  ["this machine in hexadecimal", "https://0x7f.1/a.png"],
  ["a private network", "https://192.168.0.1/a.png"],
  ["this machine by IPv6", "https://[::ffff:127.0.0.1]/a.png"],
  ["the metadata service", "https://169.254.169.254/latest/meta-data"],
  ["another port", "https://pictures.newsroom.com:8443/a.png"],
  ["credentials", "https://a:b@pictures.newsroom.com/a.png"],
  ["nothing that is an address", "https://"],
])("%s is refused without a request", async (_, image) => {
  const app = startOnline(() => new Response("secret"));
  const problem = await readProblem(await app.post({ text: TEXT, image }));
  expect(problem).toMatchObject({ status: 422, code: "picture_not_fetched", errors: [{ pointer: "/image" }] });
  expect(app.asked).toEqual([]);
});

test("an address that carries a bot's token is refused with what to do, and nothing of it is repeated", async () => {
  const app = startOnline(() => new Response("secret"));
  const image = "https://api.telegram.org/file/bot123456:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/photos/file_0.jpg";
  const problem = await readProblem(await app.post({ text: TEXT, image }));
  expect(problem).toMatchObject({ code: "picture_not_fetched", detail: expect.stringContaining("upload the bytes") });
  expect(JSON.stringify([problem, app.lines])).not.toContain("AAEhBOweik6ad9r");
  expect(app.asked).toEqual([]);
});

test.each([
  ["nothing there", () => new Response("", { status: 404 }), "picture_not_fetched"],
  [
    "a redirect to this machine",
    () => new Response(null, { status: 302, headers: { location: "https://localhost/" } }),
    "picture_not_fetched",
  ],
  [
    "a page",
    () => new Response("<!doctype html>", { headers: { "content-type": "image/png" } }),
    "picture_type_not_supported",
  ],
  ["too many bytes", () => new Response(new Uint8Array(11 * 1024 * 1024)), "picture_not_fetched"],
  ["no bytes", () => new Response(""), "picture_not_fetched"],
])("an address with %s is refused by name", async (_, answer, code) => {
  expect(await readProblem(await startOnline(answer).post({ text: TEXT, image: ADDRESS }))).toMatchObject({ code });
});
