import { describe, expect, test } from "vitest";
import { ATTEMPT, modelAt } from "../../../support/model-at.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";

const LINK = "https://namesight.test/p";
const picture = pictureRefOf(LINK, { width: 20, height: 10 });

/** The `AI` binding, and what it was asked. */
function binding(output: unknown) {
  const asked: Array<[model: string, input: Record<string, unknown>]> = [];
  return {
    asked,
    async run(model: string, input: Record<string, unknown>) {
      asked.push([model, input]);
      return output;
    },
  };
}

describe("a model on Workers AI", () => {
  test.each(["workers-ai/moondream3", "workers-ai/@cf/moondream/moondream3.1-9B-A2B"])(
    "is run by its name in the catalogue and the picture's link when the entry is %s",
    async (entry) => {
      const ai = binding({ caption: "A dog." });
      const { model } = modelAt("caption", entry, [], { ai });
      expect(model).toMatchObject({ takesLinks: true, provider: "workers-ai" });
      expect(await model.run({ picture }, ATTEMPT)).toEqual({
        model: "@cf/moondream/moondream3.1-9B-A2B",
        version: "unversioned",
        caption: "A dog.",
      });
      expect(ai.asked).toMatchObject([["@cf/moondream/moondream3.1-9B-A2B", { image: LINK }]]);
    },
  );

  test("is run with a data URL when the Worker has no public address", async () => {
    const ai = binding({ caption: "A dog." });
    const { model } = modelAt("caption", "workers-ai/moondream3", [], { ai, publicUrl: null });
    await model.run({ picture: picture.withoutLinks() }, ATTEMPT);
    expect(model.takesLinks).toBe(false);
    expect(ai.asked[0]?.[1].image).toBe("data:image/png;base64,iVBORw==");
  });

  test("is refused when the Worker has no AI binding", () => {
    expect(() => modelAt("caption", "workers-ai/moondream3", [])).toThrow("no binding called AI");
    expect(() => modelAt("caption", "workers-ai/@cf/meta/llama", [])).toThrow("no binding called AI");
  });

  test("is refused when the entry pins a version", () => {
    expect(() => modelAt("caption", "workers-ai/moondream3@7", [], { ai: binding({}) })).toThrow("no version to pin");
  });
});
