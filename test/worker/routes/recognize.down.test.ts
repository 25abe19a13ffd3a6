import { describe, expect, test } from "vitest";
import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const faults = Object.entries(FAULTS);
const NAMES = ["Eileen Collins", "Felix", "Houston"];

/** The answer's first entity when one stage is down: its nulls give the reason, and the rest is there. */
const LEFT: Record<string, (answer: RecognizeAnswer) => void> = {
  expansion: ({ entities }) => {
    expect(entities.map(({ expression }) => expression)).toEqual([null, null, null]);
    expect(entities[0]).toMatchObject({ visible: true, regions: [{ mask: expect.anything() }] });
  },
  entailment: ({ entities }) => {
    for (const { visible, visibility } of entities) {
      expect([visible, visibility]).toEqual([
        null,
        { score: null, method: null, calibrated: false, evidence: null, reason: "stage_failed" },
      ]);
    }
    // Entailment did not say no, so the boxes are kept.
    expect(entities.map(({ regions }) => regions.length)).toEqual([1, 1, 1]);
  },
  grounding: ({ entities }) => {
    expect(entities.map(({ visible, regions }) => [visible, regions])).toEqual([
      [true, []],
      [null, []],
      [false, []],
    ]);
  },
  segmentation: ({ entities }) => {
    expect(entities[0]).toMatchObject({
      visible: true,
      regions: [{ mask: null, mask_reason: "stage_failed", mask_method: null, mask_url: null }],
    });
  },
};

describe.each(Object.entries(LEFT))("when %s is down", (stage, left) => {
  test.each(faults)("answers the rest (%s)", async (_, fault) => {
    const response = await startApp(scriptedPost().on(stage, fault)).post({ text: TEXT, image: await picture() });
    expect(response.status).toBe(200);
    const answer = await readAnswer(response);
    expect(answer.partial).toBe(true);
    expect(answer.problems).toMatchObject([{ code: "stage_failed", status: 502, stage }]);
    expect(answer.entities.map(({ text }) => text)).toEqual(NAMES);
    expect(JSON.stringify(answer.problems)).not.toMatch(/secret|Collins/);
    left(answer);
  });
});

test.each(faults)(
  "answers an error when mner is down, unless the caller gives the entities (%s)",
  async (name, fault) => {
    const app = startApp(scriptedPost().on("mner", fault));
    const problem = await readProblem(await app.post({ text: TEXT, image: await picture() }));
    const expected = name === "busy" ? { status: 503, code: "overloaded" } : { status: 502, code: "stage_failed" };
    expect(problem).toMatchObject({ ...expected, stage: "mner" });
    expect(JSON.stringify(problem)).not.toContain("secret");
    const answer = await readAnswer(
      await app.post({ text: TEXT, image: await picture(), entities: [{ start: 0, end: 14, type: "PER" }] }),
    );
    expect(answer).toMatchObject({ partial: false, entities: [{ text: "Eileen Collins", visible: true }] });
  },
);

test("answers the mentions when every other stage is down", async () => {
  const cog = scriptedPost();
  for (const stage of Object.keys(LEFT)) cog.on(stage, FAULTS.unreachable);
  const answer = await readAnswer(await startApp(cog).post({ text: TEXT, image: await picture() }));
  expect(answer.entities.map(({ text, visible, regions }) => [text, visible, regions])).toEqual(
    NAMES.map((name) => [name, null, []]),
  );
  expect(answer.problems.map(({ stage }) => stage).toSorted()).toEqual(["entailment", "expansion", "grounding"]);
});

test("is not partial when segmentation is down and no mask was asked for", async () => {
  const app = startApp(scriptedPost().on("segmentation", FAULTS.unreachable));
  expect(await readAnswer(await app.post({ text: TEXT, image: await picture(), task: "gmner" }))).toMatchObject({
    partial: false,
    problems: [],
  });
});
