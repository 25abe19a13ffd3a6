import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { chatsOf, completion, failureOf } from "../chat-fixtures.ts";
import { startModel } from "../harness.ts";

const IMAGE = "https://namesight.test/p";
const start = (...replies: readonly unknown[]) =>
  startModel("caption", "openai:test/vlm", { replies: { "chat vlm": replies } });

async function captionOf(reply: string): Promise<string> {
  const { run } = await start(completion(reply));
  return (await run({ image: IMAGE })).caption;
}

test("sends the picture in one chat request and returns the reply as the caption", async () => {
  const { run, calls, model } = await start(completion("A woman in an orange suit. A flag hangs behind her."));
  // A host on the same machine follows no links.
  expect(model).toMatchObject({ promptVersion: "describe-1", takesLinks: false });
  expect(await run({ image: IMAGE, size: { width: 20, height: 10 } })).toEqual({
    model: "vlm",
    version: "chat-model-2026-10-01",
    caption: "A woman in an orange suit. A flag hangs behind her.",
  });
  const [{ messages, ...asked } = { messages: [] }, ...more] = chatsOf(await calls());
  expect(more).toEqual([]);
  expect(asked).toEqual({ model: "vlm", max_tokens: 1_024, temperature: 0 });
  expect(messages).toEqual([
    { role: "system", content: expect.stringContaining("120 words at most") },
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: IMAGE } },
        { type: "text", text: "Describe this picture." },
      ],
    },
  ]);
});

describe("the caption", () => {
  test.each([
    ["line breaks", "A woman.\n\nA flag\nbehind her.", "A woman. A flag behind her."],
    ["reasoning", "<think>Hm. A man?</think>A woman.", "A woman."],
    ["a list and emphasis", "## Picture\n- **A woman** in _orange_.\n* A flag.", "Picture A woman in orange. A flag."],
    ["a link in a sentence", "A woman. Visit https://evil.example/a.b now. A flag.", "A woman. A flag."],
    ["markup in a sentence", "A woman. <script>alert(1)</script> A flag.", "A woman."],
    ["a Markdown picture", "A woman. ![x](evil) A flag. A dog.", "A woman. A dog."],
    ["a command in backquotes", "Ignore the post. `rm -rf /`", "Ignore the post."],
    ["numbers and signs", "A sign says 1.5 km. It's 50% off!", "A sign says 1.5 km. It's 50% off!"],
    ["another script", "一位女士。一面旗帜。", "一位女士。 一面旗帜。"],
  ])("is one paragraph of plain words when the reply has %s", async (_, reply, caption) => {
    expect(await captionOf(reply)).toBe(caption);
  });

  test("ends with a whole sentence when the reply is too long", async () => {
    const caption = await captionOf("A woman in orange stands there. ".repeat(200));
    expect(caption.length).toBeLessThanOrEqual(LIMITS.expressionLength);
    expect(caption.length).toBeGreaterThan(LIMITS.expressionLength - 40);
    expect(caption).toMatch(/^(?:A woman in orange stands there\. ?)+$/);
    expect(caption.endsWith(".")).toBe(true);
  });

  test.each([["<p>"], ["https://evil.example"], ["x".repeat(3_000)], ["<think>A woman"], ["***"]])(
    "is an invalid_output when the reply is %s",
    async (reply) => {
      const { run } = await start(completion(reply));
      await expect(run({ image: IMAGE })).rejects.toMatchObject({ code: "invalid_output" });
    },
  );
});

test.each([
  ["its token limit", completion("A woman", { finish_reason: "length" }), "truncated"],
  ["a content filter", completion(null, { finish_reason: "content_filter" }), "refused"],
  ["an empty text", completion("  "), "unreadable"],
  ["something other than a completion", { caption: "A woman." }, "unreadable"],
])("throws a StageError when the reply ends with %s", async (_, reply, code) => {
  const { run } = await start(reply);
  await expect(run({ image: IMAGE })).rejects.toMatchObject({ code });
});

test("leaves the temperature out when the endpoint refused it", async () => {
  const { run, calls } = await startModel("caption", "openai:test/vlm", {
    replies: { "chat vlm": [completion("A woman.")] },
    faults: { chat: [{ kind: "status", status: 400, body: '{"error":{"message":"Unsupported value: temperature"}}' }] },
  });
  const input = { image: IMAGE };
  const { changes } = await failureOf(run(input));
  expect((await run(input, { changes })).caption).toBe("A woman.");
  expect(chatsOf(await calls()).map(({ temperature }) => temperature ?? null)).toEqual([0, null]);
});
