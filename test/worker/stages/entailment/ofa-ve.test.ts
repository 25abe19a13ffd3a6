import { describe, expect, test } from "vitest";
import { startModel } from "../harness.ts";

const input = {
  image: "https://namesight.test/p",
  caption: "A Woman, in front of a red-white flag.",
  entities: [{ id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman in an orange suit" }],
};
const ENTRY = "cog:test/ofa-ve";
const start = (output: unknown, calibrations?: ReadonlyMap<string, { slope: number; intercept: number }>) =>
  startModel("entailment", ENTRY, { replies: { "cog ofa-ve": [output] } }, calibrations ? { calibrations } : {});

test("sends RiVEG's two texts in one prediction, and reads the answer (docs/ofa.md)", async () => {
  const { run, calls, model } = await start({ answer: "yes", score: 0.93, version: "7" });
  expect(model).toMatchObject({ batch: 1, takesLinks: true, promptVersion: "ofa-ve-1" });
  expect(await run(input)).toEqual({
    model: "ofa-ve",
    version: "7",
    judgements: [{ id: "e1", visible: true, score: 0.93, method: "ofa-ve", calibrated: false, reason: null }],
  });
  const [call, ...more] = await calls();
  expect(more).toEqual([]);
  expect(call?.body).toEqual({
    input: {
      image: input.image,
      text1: "eileen collins(per) a woman in an orange suit",
      text2: "a woman, in front of a red white flag.",
    },
  });
});

test("sends null as the second text when there is no caption", async () => {
  const { run, calls } = await start({ answer: "no" });
  const { caption: _, ...bare } = input;
  await run(bare);
  expect((await calls())[0]?.body).toMatchObject({ input: { text2: null } });
});

describe("the verdict", () => {
  test.each([
    [{ answer: "yes" }, true, null],
    [{ answer: "maybe", score: null }, true, null],
    [{ answer: "maybe", score: 0.4 }, true, 0.4],
    [{ answer: "no" }, false, null],
    [{ answer: "no", score: 0.07 }, false, 0.07],
  ])("of %j is %s with the score %s", async (output, visible, score) => {
    const { run } = await start(output);
    expect((await run(input)).judgements).toEqual([
      { id: "e1", visible, score, method: "ofa-ve", calibrated: false, reason: null },
    ]);
  });
});

test("decides by the calibrated score when constants were fitted for the entry and prompt (Platt, 1999)", async () => {
  const constants = { slope: 1, intercept: -2 };
  const { run } = await start({ answer: "yes", score: 0.75 }, new Map([[`${ENTRY}#ofa-ve-1`, constants]]));
  // logit(0.75) = ln 3; 1 / (1 + e^-(ln 3 - 2)) = 3 / (3 + e^2)
  expect((await run(input)).judgements[0]).toMatchObject({
    visible: false,
    score: expect.closeTo(3 / (3 + Math.exp(2)), 9),
    calibrated: true,
  });
  const bare = await start({ answer: "yes" }, new Map([[`${ENTRY}#ofa-ve-1`, constants]]));
  expect((await bare.run(input)).judgements[0]).toMatchObject({ visible: true, score: null, calibrated: false });
});

test.each([
  ["another word", { answer: "entailment" }],
  ["without an answer", { score: 0.9 }],
  ["a score above 1", { answer: "yes", score: 1.2 }],
  ["a string", "yes"],
])("throws an invalid_output when the output is %s", async (_, output) => {
  const { run } = await start(output);
  await expect(run(input)).rejects.toMatchObject({ code: "invalid_output" });
});
