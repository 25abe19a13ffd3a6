import { describe, expect, test } from "vitest";
import { scriptedAi, startModel } from "../harness.ts";

const texts = ["Felix", "Oscar"];

describe("a bge model on Workers AI", () => {
  const entry = "workers-ai/@cf/baai/bge-m3";

  test("is asked through the binding, and has no version to pin", async () => {
    const ai = scriptedAi({
      shape: [2, 2],
      data: [
        [1, 0],
        [0, 1],
      ],
    });
    const { run } = await startModel("embedding", entry, {}, { ai });
    expect(await run({ texts })).toMatchObject({
      model: "@cf/baai/bge-m3",
      vectors: [
        [1, 0],
        [0, 1],
      ],
    });
    expect(ai.asked).toMatchObject([{ model: "@cf/baai/bge-m3", input: { text: texts } }]);
    await expect(startModel("embedding", `${entry}@2`, {}, { ai })).rejects.toThrow("no version to pin");
    await expect(startModel("embedding", entry, {})).rejects.toThrow("binding called AI");
  });
});
