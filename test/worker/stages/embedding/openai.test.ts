import { describe, expect, test } from "vitest";
import type { Usage } from "../../../../src/stages/model.ts";
import { failureOf } from "../chat-fixtures.ts";
import { startModel } from "../harness.ts";

const texts = ["Felix", "Oscar"];
const reply = (...vectors: unknown[]) => ({
  object: "list",
  model: "embedder-2026",
  data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
  usage: { prompt_tokens: 4, total_tokens: 4 },
});
const open = (answer: unknown, entry = "openai:test/embedder") =>
  startModel("embedding", entry, { replies: { "embeddings embedder": [answer] } });

/** docs/reference/hosted-models.md, "Embeddings". */
describe("an OpenAI-compatible embedding model", () => {
  test("gets all texts in one request, reports its tokens, and answers in the order of the texts", async () => {
    const { data, ...rest } = reply([1, 0], [0, 1]);
    const { run, calls } = await open({ ...rest, data: [...data].reverse() });
    const spent: Usage[] = [];
    const output = await run({ texts }, { spent: (usage) => spent.push(usage) });
    expect(output).toEqual({
      model: "embedder",
      version: "unversioned",
      vectors: [
        [1, 0],
        [0, 1],
      ],
    });
    expect(spent).toEqual([{ inputTokens: 4 }]);
    const [call, ...more] = await calls();
    expect(more).toEqual([]);
    expect(call?.headers).toMatchObject({ authorization: "Bearer t0ken" });
    expect(call?.body).toEqual({ model: "embedder", input: texts, encoding_format: "float" });
  });

  test.each([
    ["a vector too few", reply([1, 0])],
    ["vectors of different lengths", reply([1, 0], [1])],
    ["empty vectors", reply([], [])],
    ["a vector for each token", reply([[1, 0]], [[0, 1]])],
    ["something else", { embeddings: [] }],
  ])("fails on %s", async (_, answer) => {
    const { run } = await open(answer);
    expect(await failureOf(run({ texts }))).toMatchObject({ code: "invalid_output" });
  });

  test("passes on a refusal, and has no version to pin", async () => {
    const { run } = await startModel("embedding", "openai:test/unknown", {});
    expect(await failureOf(run({ texts }))).toMatchObject({ code: "rejected", retryable: false });
    await expect(open(reply(), "openai:test/embedder@2")).rejects.toThrow("no version to pin");
  });
});
