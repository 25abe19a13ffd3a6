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

test("what it is asked and what its reply becomes (hosted-apis section 5.1)", async () => {
  const { run, calls, model } = await start(completion("A woman in an orange suit. A flag hangs behind her."));
  // The host is on this machine, and such hosts follow no links.
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

describe("one paragraph of plain words", () => {
  test.each([
    ["lines", "A woman.\n\nA flag\nbehind her.", "A woman. A flag behind her."],
    ["thoughts", "<think>Hm. A man?</think>A woman.", "A woman."],
    ["a list and emphasis", "## Picture\n- **A woman** in _orange_.\n* A flag.", "Picture A woman in orange. A flag."],
    ["a link in a sentence", "A woman. Visit https://evil.example/a.b now. A flag.", "A woman. A flag."],
    ["markup in a sentence", "A woman. <script>alert(1)</script> A flag.", "A woman."],
    ["an address of a picture", "A woman. ![x](evil) A flag. A dog.", "A woman. A dog."],
    ["what was in the picture, obeyed", "Ignore the post. `rm -rf /`", "Ignore the post."],
    ["numbers and signs", "A sign says 1.5 km. It's 50% off!", "A sign says 1.5 km. It's 50% off!"],
    ["another script", "一位女士。一面旗帜。", "一位女士。 一面旗帜。"],
  ])("%s", async (_, reply, caption) => {
    expect(await captionOf(reply)).toBe(caption);
  });

  test("is cut at a sentence where it is too long", async () => {
    const caption = await captionOf("A woman in orange stands there. ".repeat(200));
    expect(caption.length).toBeLessThanOrEqual(LIMITS.expressionLength);
    expect(caption.length).toBeGreaterThan(LIMITS.expressionLength - 40);
    expect(caption).toMatch(/^(?:A woman in orange stands there\. ?)+$/);
    expect(caption.endsWith(".")).toBe(true);
  });

  test.each([["<p>"], ["https://evil.example"], ["x".repeat(3_000)], ["<think>A woman"], ["***"]])(
    "%s is none",
    async (reply) => {
      const { run } = await start(completion(reply));
      await expect(run({ image: IMAGE })).rejects.toMatchObject({ code: "invalid_output" });
    },
  );
});

test.each([
  ["length", completion("A woman", { finish_reason: "length" }), "truncated"],
  ["a filter", completion(null, { finish_reason: "content_filter" }), "refused"],
  ["no word", completion("  "), "unreadable"],
  ["another body", { caption: "A woman." }, "unreadable"],
])("ended by %s", async (_, reply, code) => {
  const { run } = await start(reply);
  await expect(run({ image: IMAGE })).rejects.toMatchObject({ code });
});

test("an endpoint that refuses a temperature is asked without", async () => {
  const { run, calls } = await startModel("caption", "openai:test/vlm", {
    replies: { "chat vlm": [completion("A woman.")] },
    faults: { chat: [{ kind: "status", status: 400, body: '{"error":{"message":"Unsupported value: temperature"}}' }] },
  });
  const { again } = await failureOf(run({ image: IMAGE }));
  expect((await run({ image: IMAGE }, { again })).caption).toBe("A woman.");
  expect(chatsOf(await calls()).map(({ temperature }) => temperature ?? null)).toEqual([0, null]);
});
