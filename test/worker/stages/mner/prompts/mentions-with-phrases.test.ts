import { describe, expect, test } from "vitest";
import { chatsOf, completion } from "../../chat-fixtures.ts";
import { scriptedAi, startModel } from "../../harness.ts";

const TEXT = "Eileen Collins leaves Houston";
const IMAGE = "https://namesight.test/p";

const replyOf = (...listed: Array<[text: string, type: string, expression?: unknown]>) =>
  completion(JSON.stringify({ entities: listed.map(([text, type, expression]) => ({ text, type, expression })) }));

async function askForPhrases(answer: object, entry = "openai:test/llm@phrases", image: { image?: string } = {}) {
  const started = await startModel("mner", entry, {
    replies: { "chat llm": [answer], "chat owner/llm": [answer] },
  });
  const output = await started.run({ text: TEXT, labels: "gmner", ...image });
  const [body] = chatsOf(await started.calls());
  return { ...started, output, body };
}

describe("a chat model that writes the phrases with the names", () => {
  test("gives each mention its phrase, as one plain noun phrase", async () => {
    const answer = replyOf(
      ["Eileen Collins", "PER", '"**an astronaut** in an orange suit."'],
      ["Houston", "LOC", "a city"],
    );
    const { model, output, body } = await askForPhrases(answer);
    expect(model).toMatchObject({ promptVersion: "mentions-with-phrases-1", usesPicture: true, expresses: true });
    expect(output.mentions).toEqual([
      {
        ...{ text: "Eileen Collins", start: 0, end: 14, type: "PER", score: null },
        expression: { text: "an astronaut in an orange suit", method: "llm" },
      },
      {
        ...{ text: "Houston", start: 22, end: 29, type: "LOC", score: null },
        expression: { text: "a city", method: "llm" },
      },
    ]);
    expect(body).toMatchObject({
      max_tokens: 1_024 + 4 * TEXT.length,
      response_format: {
        json_schema: {
          strict: true,
          schema: { properties: { entities: { items: { required: ["text", "type", "expression"] } } } },
        },
      },
    });
    expect(body?.messages[0]?.content).toContain("write also one noun phrase");
  });

  test.each([undefined, null, "", "  ", "see https://evil.example", "<b>a city</b>", "x ".repeat(200)])(
    "keeps a name without its phrase when that is missing or no plain phrase: %#",
    async (expression) => {
      const { output } = await askForPhrases(replyOf(["Houston", "LOC", expression]));
      expect(output.mentions).toEqual([{ text: "Houston", start: 22, end: 29, type: "LOC", score: null }]);
    },
  );

  test("sees the picture with @phrases, and not with @text-phrases", async () => {
    const seen = await askForPhrases(replyOf(), "openai:test/llm@phrases", { image: IMAGE });
    expect(JSON.stringify(seen.body?.messages)).toContain(IMAGE);
    const unseen = await askForPhrases(replyOf(), "openai:test/llm@text-phrases", { image: IMAGE });
    expect(JSON.stringify(unseen.body?.messages)).not.toContain(IMAGE);
    expect(unseen.model).toMatchObject({ expresses: true });
    expect(unseen.model.usesPicture).toBeUndefined();
  });

  test("is asked in the same way at Hugging Face and on Workers AI", async () => {
    const answer = replyOf(["Houston", "LOC", "a city"]);
    const { output } = await askForPhrases(answer, "huggingface:test/chat/owner/llm@phrases");
    expect(output.mentions).toMatchObject([{ text: "Houston", expression: { text: "a city", method: "llm" } }]);
    const ai = scriptedAi(answer);
    const { run } = await startModel("mner", "workers-ai/@cf/google/gemma@phrases", {}, { ai });
    expect(await run({ text: TEXT, labels: "gmner" })).toMatchObject({ mentions: output.mentions });
    expect(ai.asked[0]).toMatchObject({ model: "@cf/google/gemma" });
  });
});
