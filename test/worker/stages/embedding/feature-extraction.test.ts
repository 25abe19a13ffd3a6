import { describe, expect, test } from "vitest";
import { failureOf } from "../chat-fixtures.ts";
import { startModel } from "../harness.ts";

const texts = ["Felix", "Oscar"];

describe("Hugging Face's feature extraction", () => {
  test("is asked through the official client, and its vectors are read", async () => {
    const { run, calls } = await startModel("embedding", "huggingface:test/minilm", {
      replies: {
        "huggingface ": [
          [
            [0.5, 0.5],
            [1, 0],
          ],
        ],
      },
    });
    expect(await run({ texts })).toMatchObject({
      model: "minilm",
      vectors: [
        [0.5, 0.5],
        [1, 0],
      ],
    });
    expect((await calls()).map(({ body }) => body)).toEqual([{ inputs: texts }]);
  });

  test("fails when the model gives a vector for each token", async () => {
    const { run } = await startModel("embedding", "huggingface:test/bert", {
      replies: {
        "huggingface ": [
          [
            [[0.5], [1]],
            [[1], [0]],
          ],
        ],
      },
    });
    expect(await failureOf(run({ texts }))).toMatchObject({ code: "invalid_output" });
  });
});
