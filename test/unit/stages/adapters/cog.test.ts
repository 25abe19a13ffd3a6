import { describe, expect, test } from "vitest";
import { STAGE_NAMES, STAGES } from "../../../../schemas/stages/index.ts";
import { ATTEMPT, modelAt } from "../../../support/model-at.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";

const LINK = "https://namesight.test/p";
const SIZE = { width: 4, height: 3 };
const picture = pictureRefOf(LINK, SIZE);
const succeeded = (output: unknown) => ({ status: "succeeded", output });

describe("a container that speaks the contract", () => {
  test("is sent the picture's link and size when the stage has both", async () => {
    const output = { model: "m", version: "1", groundings: [] };
    const { model, requests } = modelAt("grounding", "cog:test/grounding", [succeeded(output)]);
    expect(await model.run({ picture, entities: [] }, ATTEMPT)).toEqual(output);
    expect(requests).toEqual([
      { url: "https://host.test/grounding/predictions", body: { input: { image: LINK, size: SIZE, entities: [] } } },
    ]);
  });

  test("is sent no size when the stage's contract has none", async () => {
    const output = { model: "m", version: "1", image: "data:image/jpeg;base64,AQID", ...SIZE, original: SIZE };
    const { model, requests } = modelAt("picture", "cog:test/picture", [succeeded(output)]);
    await model.run({ picture, max_side: 2_048 }, ATTEMPT);
    expect(requests[0]?.body).toEqual({ input: { image: LINK, max_side: 2_048 } });
  });

  test("is sent no picture when there is none", async () => {
    const { model, requests } = modelAt("mner", "cog:test/mner", [
      succeeded({ model: "m", version: "1", mentions: [], problems: [] }),
    ]);
    await model.run({ picture: null, text: "t", labels: "gmner" }, ATTEMPT);
    expect(requests[0]?.body).toEqual({ input: { text: "t", labels: "gmner" } });
  });

  test.each(STAGE_NAMES)("takes links for %s when the stage has a picture", (stage) => {
    expect(modelAt(stage, `cog:test/${stage}`, []).model.takesLinks).toBe(STAGES[stage].picture !== "none");
  });

  test.each([
    ["http://127.0.0.1:8788", "http://127.0.0.1:8787", true],
    ["https://host.test", "http://127.0.0.1:8787", false],
    ["http://127.0.0.1:8788", "https://namesight.test", true],
    ["https://host.test", "https://namesight.test", true],
  ])("at %s takes links of a Worker at %s: %s", (endpoint, publicUrl, expected) => {
    const { model } = modelAt("grounding", "cog:test/g", [], { publicUrl: new URL(publicUrl) }, endpoint);
    expect(model.takesLinks).toBe(expected);
  });

  test("takes no links when the Worker has no public address", () => {
    expect(modelAt("grounding", "cog:test/g", [], { publicUrl: null }).model.takesLinks).toBe(false);
  });
});

describe("a container with a schema of its own", () => {
  const output = { answer: "yes", score: 0.9, version: "7" };
  const entities = [{ id: "e1", text: "Collins", type: "PER", expression: "a woman" }];

  test("is refused when another version than the pinned one answered", async () => {
    const { model } = modelAt("entailment", "cog:test/ofa-ve@8", [succeeded(output)]);
    expect(model.promptVersion).toBe("ofa-ve-1@8");
    await expect(model.run({ picture, entities }, ATTEMPT)).rejects.toMatchObject({
      code: "invalid_output",
      detail: "answered as another version than the pinned one",
    });
  });

  test("is calibrated by the constants of its entry and prompt version", async () => {
    const calibrations = new Map([["cog:test/ofa-ve#ofa-ve-1", { slope: 0, intercept: 0 }]]);
    const { model } = modelAt("entailment", "cog:test/ofa-ve", [succeeded(output)], { calibrations });
    const { judgements } = await model.run({ picture, entities }, ATTEMPT);
    expect(judgements).toMatchObject([{ id: "e1", score: 0.5, calibrated: true }]);
  });
});
