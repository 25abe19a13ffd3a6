import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { embeddingModel, embedPool, readExamples } from "../../../../scripts/knowledge/pool.ts";
import { StageError } from "../../../../src/stages/model.ts";
import { modelOf } from "../../../support/models.ts";

const line = (example: object) => JSON.stringify(example);
const ROME = { text: "Rome!", answer: "Rome is a city." };

describe("readExamples", () => {
  test("names every line that is no example, and reads the others", () => {
    const text = [
      line(ROME),
      "",
      "{",
      line({ text: "x" }),
      line({ ...ROME, label: "LOC" }),
      line({ ...ROME, text: "" }),
    ].join("\r\n");
    const { examples, faults } = readExamples(text);
    expect(examples).toEqual([ROME]);
    expect(faults.map((fault) => /^line \d+/.exec(fault)?.[0])).toEqual(["line 3", "line 4", "line 5", "line 6"]);
    expect(faults[0]).toBe("line 3: is not JSON");
    expect(faults[1]).toContain("answer");
  });

  test("refuses a file without examples, and one with too many", () => {
    expect(readExamples("\n").faults).toEqual(["there is no example in it"]);
    const many = Array(LIMITS.poolExamples + 1)
      .fill(line(ROME))
      .join("\n");
    expect(readExamples(many).faults).toEqual([expect.stringContaining("more than the")]);
  });
});

describe("embeddingModel", () => {
  const variables = { ENDPOINT_TEST: "http://127.0.0.1:1/v1", ENDPOINT_TEST_TOKEN: "t0ken" };

  test("is the first model of EMBEDDING", () => {
    const EMBEDDING = " openai:test/embedder, openai:test/other";
    expect(embeddingModel({ ...variables, EMBEDDING }).entry).toBe("openai:test/embedder");
  });

  test.each([
    ["", "EMBEDDING is not set"],
    ["workers-ai/@cf/baai/bge-m3", "openai:cloudflare/@cf/baai/bge-m3"],
    ["openai:none/embedder", "ENDPOINT_NONE is not set"],
    ["replicate:test/owner/name", "no embedding model has this name"],
  ])("says what is wrong with %j", (EMBEDDING, fault) => {
    expect(() => embeddingModel({ ...variables, EMBEDDING })).toThrow(fault);
  });
});

describe("embedPool", () => {
  test("embeds the texts in calls of as many as one takes, with the model's name in the first line", async () => {
    const sizes: number[] = [];
    const model = modelOf<"embedding">(({ texts }) => {
      sizes.push(texts.length);
      return { vectors: texts.map(() => [1, 0.5]) };
    });
    const examples = Array.from({ length: LIMITS.embeddingTexts + 1 }, (_, index) => ({
      ...ROME,
      text: `Rome ${index}`,
    }));
    const { pool, model: name } = await embedPool(examples, model);
    expect(sizes).toEqual([LIMITS.embeddingTexts, 1]);
    const [heading, ...lines] = pool.trimEnd().split("\n");
    expect([heading, name]).toEqual(['{"model":"model"}', "model"]);
    expect(lines.map((one) => (JSON.parse(one) as { text: string }).text)).toEqual(examples.map(({ text }) => text));
    const vector = Buffer.from((JSON.parse(lines[0] ?? "") as { vector: string }).vector, "base64");
    expect([vector.readFloatLE(0), vector.readFloatLE(4)]).toEqual([1, 0.5]);
  });

  test("says which model failed, and how", async () => {
    const down = modelOf<"embedding">(() => Promise.reject(new StageError("failed", "failed on this input")));
    await expect(embedPool([ROME], down)).rejects.toThrow("test:model failed on this input");
  });
});
