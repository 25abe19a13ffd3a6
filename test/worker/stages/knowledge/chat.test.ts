import { expect, test } from "vitest";
import { chatsOf, completion, failureOf } from "../chat-fixtures.ts";
import { startModel } from "../harness.ts";

const input = {
  text: "Felix met Oscar",
  caption: "Two cats.",
  examples: [{ text: "Rome!", answer: "Rome is a city." }],
};
const start = (reply: string) =>
  startModel("knowledge", "openai:test/llm", { replies: { "chat llm": [completion(reply)] } });

test("asks once in PGIM's form and returns the reply as one plain paragraph", async () => {
  const { run, calls, model } = await start("<think>hm</think>- **Felix** is a cat.\n- See https://evil.example now.");
  expect(model.promptVersion).toBe("analysis-1");
  expect(await run(input)).toEqual({ model: "llm", version: "chat-model-2026-10-01", knowledge: "Felix is a cat." });
  const [asked, ...more] = chatsOf(await calls());
  expect(more).toEqual([]);
  expect(asked?.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
  expect(asked).toMatchObject({ max_tokens: 1_024, temperature: 0 });
  expect(asked?.response_format).toBeUndefined();
});

test("fails when nothing plain is left of the reply", async () => {
  const { run } = await start("https://evil.example");
  expect(await failureOf(run(input))).toMatchObject({ code: "invalid_output" });
});
