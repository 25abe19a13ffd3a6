import { expect, test } from "vitest";
import { toBase64 } from "../../../../src/image/data-url.ts";
import { LINKED } from "../../../support/picture-ref.ts";
import { startModel } from "../harness.ts";

/** Eight bytes that say PNG. */
const BYTES = btoa("\u0089PNG\r\n\u001a\n");
const IMAGE = `data:image/png;base64,${BYTES}`;
const start = (reply: unknown) =>
  startModel("caption", "huggingface:test/blip", { replies: { "huggingface ": [reply] } });

test.each([
  ["as the task's schema has it", { generated_text: "a woman in an orange suit" }],
  ["in a list, as the task's own pipeline answers", [{ generated_text: "a woman in an orange suit" }]],
])("the picture itself is sent, and the text read %s (hosted-apis section 2.3)", async (_, reply) => {
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
  ["no text", {}],
  ["text of another type", { generated_text: 5 }],
  ["two answers", [{ generated_text: "a" }, { generated_text: "b" }]],
  ["an empty list", []],
  ["nothing", { generated_text: "" }],
  ["markup alone", { generated_text: "<b>a woman</b>" }],
  ["a string", "a woman"],
])("%s is no caption", async (_, reply) => {
  const { run } = await start(reply);
  await expect(run({ image: IMAGE })).rejects.toMatchObject({ code: "invalid_output" });
});

test("a host that starts is waited for, and a fault of its own is not the picture's", async () => {
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
