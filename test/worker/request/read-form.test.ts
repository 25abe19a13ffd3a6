import { expect, test } from "vitest";
import { blackPng } from "../../support/png.ts";
import { entity, readAnswer, readProblem, SIZE, scriptedPost, startApp } from "../harness.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Sends a body of the boundary `b` as it is. A part that is no string is raw bytes. */
function sendRaw(parts: ReadonlyArray<string | Uint8Array>, app = startApp()): Promise<Response> {
  const body = new Uint8Array(parts.flatMap((part) => [...(typeof part === "string" ? bytesOf(part) : part)]));
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  return app.fetch("/v1/recognize", { method: "POST", headers, body });
}

test("answers with offsets in the text that the caller of fetch has, and takes the caller's own", async () => {
  const text = "Rain in Boston\n\nEileen Collins\narrives";
  const start = text.indexOf("Eileen");
  const end = start + "Eileen Collins".length;
  const mention = { text: "Eileen Collins", start, end, type: "PER", score: 0.9 };
  const app = startApp(scriptedPost().on("mner", () => ({ model: "scripted", version: "7", mentions: [mention] })));
  // As fetch in browsers and in Node sends it: each line break of a field becomes CR LF.
  const field = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value.replaceAll("\n", "\r\n")}\r\n`;
  const found = await readAnswer(await sendRaw([field("text", text), field("task", "mner"), "--b--\r\n"], app));
  expect(app.cog.calls[0]?.input.text).toBe(text);
  expect(entity(found, "e1").mentions).toMatchObject([{ start, end }]);
  const own = JSON.stringify([{ start, end, type: "PER" }]);
  const asked = await sendRaw([field("text", text), field("task", "mner"), field("entities", own), "--b--\r\n"], app);
  expect(entity(await readAnswer(asked), "e1").text).toBe("Eileen Collins");
});

test("reads the form of .NET's HttpClient", async () => {
  const response = await sendRaw([
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=text\r\n\r\nFelix\r\n",
    "--b\r\nContent-Disposition: form-data; name=image; filename=a.png; filename*=utf-8''a.png\r\n\r\n",
    await blackPng(SIZE.width, SIZE.height),
    "\r\n--b--\r\n",
  ]);
  expect((await readAnswer(response)).image).toMatchObject(SIZE);
});

test("reads folded headers in another case, and a picture without a file name", async () => {
  const response = await sendRaw([
    "--b\r\ncontent-disposition: Form-Data;\r\n\tNAME=text\r\n\r\nFelix\r\n",
    '--b\r\nCONTENT-DISPOSITION: form-data;\r\n name="image"\r\nCONTENT-TYPE: Image/PNG\r\n\r\n',
    await blackPng(SIZE.width, SIZE.height),
    "\r\n--b--\r\n",
  ]);
  expect((await readAnswer(response)).image).toMatchObject(SIZE);
});

test("answers an HTML form in which no file was chosen from its text", async () => {
  const response = await sendRaw([
    '--b\r\nContent-Disposition: form-data; name="text"\r\n\r\nFelix\r\n',
    '--b\r\nContent-Disposition: form-data; name="image"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n\r\n',
    "--b--\r\n",
  ]);
  expect((await readAnswer(response)).image).toBeNull();
});

test("refuses a text that is not UTF-8", async () => {
  const text = Uint8Array.of(0x63, 0x61, 0x66, 0xe9);
  const response = await sendRaw(['--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n', text, "\r\n--b--\r\n"]);
  expect(await readProblem(response)).toMatchObject({
    status: 400,
    code: "invalid_multipart",
    errors: [{ pointer: "/text", detail: "is not valid UTF-8" }],
  });
});

test("refuses a form of too many parts with the limit", async () => {
  const parts = Array.from({ length: 33 }, (_, n) => `--b\r\nContent-Disposition: form-data; name=f${n}\r\n\r\n\r\n`);
  expect(await readProblem(await sendRaw([...parts, "--b--\r\n"]))).toMatchObject({
    status: 422,
    errors: [{ detail: "has more than 32 parts", limit: 32 }],
  });
});

test.each(["\n", "\n--", "\n--aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a"])(
  "reads ten megabytes of %j in one pass",
  async (repeated) => {
    const boundary = "a".repeat(69);
    const content = repeated.repeat(Math.floor((10 * 1024 * 1024) / repeated.length));
    const head = `--${boundary}b\r\nContent-Disposition: form-data; name=image; filename=a\r\n\r\n`;
    const response = await startApp().fetch("/v1/recognize", {
      method: "POST",
      headers: { "content-type": `multipart/form-data; boundary=${boundary}b` },
      body: `${head}${content}\r\n--${boundary}b--`,
    });
    expect(await readProblem(response)).toMatchObject({ errors: [{ pointer: "/text" }] });
  },
);
