import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { embedPool } from "../../../scripts/knowledge/pool.ts";
import { ExamplePool, readPool } from "../../../src/storage/example-pool.ts";
import { modelOf } from "../../support/models.ts";

const EXAMPLES = [
  { text: "Rome!", caption: "A city.", answer: "Rome is a city." },
  { text: "NASA", answer: "NASA is an agency." },
];
const embedder = modelOf<"embedding">(({ texts }) => ({ vectors: texts.map((text) => [text.length, -0.5]) }));
const { pool: POOL } = await embedPool(EXAMPLES, embedder);

/** A bucket whose object is this text; null for none. */
function bucketOf(text: () => string | null, size?: number) {
  const asked: string[] = [];
  const get = async (key: string) => {
    asked.push(key);
    const found = text();
    return found === null
      ? null
      : { size: size ?? found.length, text: async () => found, body: { cancel: async () => undefined } };
  };
  return { asked, bucket: { get } as unknown as R2Bucket };
}

describe("readPool", () => {
  test("reads what the command writes", () => {
    const { model, examples } = readPool(POOL);
    expect(model).toBe("model");
    expect(examples.map(({ example }) => example)).toEqual(EXAMPLES);
    expect(examples.map(({ vector }) => [...vector])).toEqual([
      [5, -0.5],
      [4, -0.5],
    ]);
  });

  const [heading = "", first = "", second = ""] = POOL.split("\n");
  test.each([
    ["no heading", `${first}\n`, /^line 1 /],
    ["a line that is no example", `${heading}\n${first}\n{}\n`, /^line 3 /],
    [
      "a vector of another length",
      `${heading}\n${first}\n${second.replace(/"vector":"[^"]*"/, '"vector":"AACAPw=="')}`,
      /^line 3:/,
    ],
    [
      "a vector that is no list of floats",
      `${heading}\n${first.replace(/"vector":"[^"]*"/, '"vector":"AAA="')}`,
      /^line 2:/,
    ],
    ["too many examples", [heading, ...Array(LIMITS.poolExamples + 1).fill(first)].join("\n"), /^more than/],
    ["nothing", "", /^line 1 /],
  ])("names the fault of a file with %s", (_, text, fault) => {
    expect(() => readPool(text)).toThrow(fault);
  });
});

describe("ExamplePool", () => {
  test("reads the bucket once", async () => {
    const { bucket, asked } = bucketOf(() => POOL);
    const pool = new ExamplePool(bucket, () => 0);
    const [one, two] = [await pool.load(), await pool.load()];
    expect(one?.examples).toHaveLength(2);
    expect(two).toBe(one);
    expect(asked).toEqual(["knowledge/examples.jsonl"]);
  });

  test("looks again after a minute when there was none, or a broken one", async () => {
    let now = 0;
    let text: string | null = null;
    const { bucket, asked } = bucketOf(() => text);
    const pool = new ExamplePool(bucket, () => now);
    expect(await pool.load()).toBeNull();
    text = "broken";
    now = 59_999;
    expect(await pool.load()).toBeNull();
    expect(asked).toHaveLength(1);
    now = 60_000;
    await expect(pool.load()).rejects.toThrow("line 1");
    expect(await pool.load()).toBeNull();
    text = POOL;
    now = 120_000;
    expect((await pool.load())?.model).toBe("model");
    expect(asked).toHaveLength(3);
  });

  test("does not read a file that is too large", async () => {
    const { bucket } = bucketOf(() => POOL, LIMITS.poolBytes + 1);
    await expect(new ExamplePool(bucket, () => 0).load()).rejects.toThrow("bytes");
  });
});
