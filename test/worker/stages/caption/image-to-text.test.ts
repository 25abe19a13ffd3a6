import { expect, test } from "vitest";
import { toBase64 } from "../../../../src/image/data-url.ts";
import { LINKED } from "../../../support/picture-ref.ts";
import { startModel } from "../harness.ts";

/** The signature of a PNG. */
const BYTES = btoa("\u0089PNG\r\n\u001a\n");
const IMAGE = `data:image/png;base64,${BYTES}`;
const start = (reply: unknown) =>
  startModel("caption", "huggingface:test/blip", { replies: { "huggingface ": [reply] } });

test.each([
  ["an object", { generated_text: "a woman in an orange suit" }],
  ["a list of one object", [{ generated_text: "a woman in an orange suit" }]],
])("sends the picture's bytes and reads the caption from %s", async (_, reply) => {
  const { run, calls, model } = await start(reply);
  expect(model.takesLinks).toBe(false);
  expect(await run({ image: IMAGE })).toEqual({
    model: "blip",
    version: "unversioned",
    caption: "a woman in an orange suit",
  });
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call).toMatchObject({ method: "POST", path: "/huggingface", base64: BYTES });
  expect(call?.headers).toMatchObject({ "content-type": "image/png", authorization: "Bearer t0ken" });
});

test.each([
  ["an object without text", {}],
  ["a number as text", { generated_text: 5 }],
  ["two answers", [{ generated_text: "a" }, { generated_text: "b" }]],
  ["an empty list", []],
  ["an empty text", { generated_text: "" }],
  ["markup alone", { generated_text: "<b>a woman</b>" }],
  ["a string", "a woman"],
])("throws an invalid_output when the reply is %s", async (_, reply) => {
  const { run } = await start(reply);
  await expect(run({ image: IMAGE })).rejects.toMatchObject({ code: "invalid_output" });
});

test("throws not_ready when the host starts, and failed when the host is out of memory", async () => {
  const { run } = await startModel("caption", "huggingface:test/blip", {
    replies: { "huggingface ": [{ generated_text: "a woman" }] },
    faults: {
      huggingface: [
        { kind: "status", status: 503, body: '{"error":"loading","estimated_time":3}' },
        { kind: "status", status: 400, body: '{"error":"CUDA out of memory"}' },
      ],
    },
  });
  await expect(run({ image: IMAGE })).rejects.toMatchObject({ code: "not_ready", retryAfterMs: 3_000 });
  await expect(run({ image: IMAGE })).rejects.toMatchObject({ code: "failed" });
  expect((await run({ image: IMAGE })).caption).toBe("a woman");
});

test("sends the bytes when the picture has a link", async () => {
  const { run, calls } = await start({ generated_text: "a woman" });
  await run({ image: "https://namesight.test/p" });
  expect((await calls())[0]).toMatchObject({ base64: toBase64(LINKED.bytes) });
});
