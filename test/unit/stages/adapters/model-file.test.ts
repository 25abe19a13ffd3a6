import { describe, expect, test } from "vitest";
import { createFromFile, toFileInput } from "../../../../src/stages/adapters/model-file.ts";
import type { ModelInput } from "../../../../src/stages/model.ts";
import { pictureRefOf } from "../../../support/picture-ref.ts";

const ADDRESS = {
  entry: "openai/m",
  provider: "openai" as const,
  model: "m",
  version: null,
  endpoint: null,
  aliased: false,
  token: null,
};
const FILE = { stage: "entailment" as const, promptVersion: "p-1", batch: 2 };
const ATTEMPT = { signal: new AbortController().signal, deadline: 1, later: () => undefined };
const picture = pictureRefOf("data:image/png;base64,AQID", { width: 4, height: 3 });
const entity = (id: string) => ({ id, text: id });
const inputOf = (...ids: string[]): ModelInput<"entailment"> => ({ picture, entities: ids.map(entity) });
const judgement = { id: "a", visible: true, score: 0.5, method: "m", calibrated: false, reason: null };
const named = (...judgements: unknown[]) => ({ model: "m", version: "1", judgements }) as never;

describe("createFromFile", () => {
  test("answers a question about no entity without asking", async () => {
    const model = createFromFile({ ...FILE, version: "7" }, ADDRESS, {}, () => Promise.reject(new Error("was asked")));
    expect(await model.run(inputOf(), ATTEMPT)).toEqual({ model: "m", version: "7", judgements: [] });
  });

  test("rejects without asking when there are more entities than a call takes", async () => {
    const model = createFromFile(FILE, ADDRESS, {}, () => Promise.reject(new Error("was asked")));
    await expect(model.run(inputOf("a", "b", "c"), ATTEMPT)).rejects.toMatchObject({
      code: "rejected",
      detail: "takes at most 2 entities at a time, and was given 3",
    });
  });

  test("names the field when a result breaks the stage's contract", async () => {
    const model = createFromFile(FILE, ADDRESS, {}, async () => named(judgement, { ...judgement, score: 2 }));
    await expect(model.run(inputOf("a", "b"), ATTEMPT)).rejects.toMatchObject({
      code: "invalid_output",
      detail: "answered with an invalid entailment result (field /judgements/1/score)",
    });
  });

  test("refuses more results than entities", async () => {
    const model = createFromFile(FILE, ADDRESS, {}, async () => named(judgement, judgement));
    await expect(model.run(inputOf("a"), ATTEMPT)).rejects.toMatchObject({
      code: "invalid_output",
      detail: "answered with more judgements than were asked for",
    });
  });

  test("refuses a sentence as the version, of any host", async () => {
    const model = createFromFile(
      FILE,
      ADDRESS,
      {},
      async () => ({ model: "m", version: "a secret", judgements: [judgement] }) as never,
    );
    await expect(model.run(inputOf("a"), ATTEMPT)).rejects.toMatchObject({
      detail: "answered with an invalid entailment result (field /version)",
    });
  });

  test.each([
    ["openai/m#p-1", { slope: 1, intercept: 0 }],
    ["openai/m#p-2", undefined],
    ["openai/other#p-1", undefined],
  ])("gives the constants of %s: %j", async (key, expected) => {
    const calibrations = new Map([[key, { slope: 1, intercept: 0 }]]);
    const found: unknown[] = [];
    const model = createFromFile(FILE, ADDRESS, { calibrations }, async (_, __, calibration) => {
      found.push(calibration);
      return named(judgement);
    });
    await model.run(inputOf("a"), ATTEMPT);
    expect(found).toEqual([expected]);
  });
});

describe("toFileInput", () => {
  test("gives the one entity when a call takes one", () => {
    expect(toFileInput(1, inputOf("a"), "https://p.test/1")).toEqual({
      entity: entity("a"),
      image: "https://p.test/1",
      size: { width: 4, height: 3 },
    });
  });

  test("gives the one box when a call takes one", () => {
    const boxPrompt = { id: "r1", box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 } };
    const input: ModelInput<"segmentation"> = { picture, boxes: [boxPrompt], warm: false };
    expect(toFileInput(1, input)).toEqual({ boxPrompt, warm: false, size: { width: 4, height: 3 } });
  });

  test("gives the list when a call takes several", () => {
    expect(toFileInput(8, inputOf("a"))).toEqual({ entities: [entity("a")], size: { width: 4, height: 3 } });
  });

  test("gives neither picture nor size when there is no picture", () => {
    const input: ModelInput<"mner"> = { picture: null, text: "t", labels: "gmner" };
    expect(toFileInput(Number.POSITIVE_INFINITY, input)).toEqual({
      text: "t",
      labels: "gmner",
    });
  });
});
