import { describe, expect, test } from "vitest";
import { Outcomes } from "../../../src/observe/outcomes.ts";
import { StageError, type StageErrorCode, type StageModel } from "../../../src/stages/model.ts";
import { PictureRef } from "../../../src/stages/picture-ref.ts";
import { modelOf } from "../../support/models.ts";
import { deploymentOf, inRun } from "../../support/run.ts";

const DATA = { bytes: new Uint8Array(1), type: "image/png", size: { width: 1, height: 1 }, orientation: 1 };
const failing = (code: StageErrorCode, entry = "test:model") =>
  modelOf<"caption">(() => Promise.reject(new StageError(code, "cannot")), { entry });
const captioner = modelOf<"caption">(() => ({ caption: "A cat." }));

/** Asks for a caption of a picture, `times` over, and returns the problems and how the calls were counted. */
async function caption(models: readonly StageModel<"caption">[], times = 1) {
  const outcomes = new Outcomes();
  return inRun(deploymentOf({ caption: models }, { outcomes }), async (run) => {
    for (let time = 0; time < times; time++) await run.stages.run("caption", {}, new PictureRef(DATA, run.pictures));
    const problems = run.events.flatMap((event) => (event.event === "problem" ? [event.problem] : []));
    return {
      problems,
      outcomes: outcomes.of("caption").map(({ code }) => code),
      failure: run.stages.failure("caption"),
    };
  });
}

describe("a picture that no model can decode", () => {
  test("is a problem once in a run, points to /image, and is no failure of the model", async () => {
    const { problems, outcomes, failure } = await caption([failing("invalid_picture")], 3);
    expect(problems).toMatchObject([
      { code: "invalid_picture", stage: "caption", detail: "test:model cannot.", errors: [{ pointer: "/image" }] },
    ]);
    expect(outcomes).toEqual([]);
    expect(failure).toMatchObject({ code: "invalid_picture", fields: { errors: [{ pointer: "/image" }] } });
  });

  test("is shown to the next model, which may read it", async () => {
    expect(await caption([failing("invalid_picture"), captioner])).toMatchObject({ problems: [], outcomes: [null] });
  });

  test("is a failed stage when another model failed for another reason", async () => {
    const { problems, outcomes } = await caption([failing("invalid_picture"), failing("failed", "test:other")]);
    expect(problems).toMatchObject([{ code: "stage_failed", detail: "test:model cannot; test:other cannot." }]);
    expect(outcomes).toEqual(["failed"]);
  });
});

test("a rejected call with a picture fails the stage and is not counted against the model", async () => {
  const { problems, outcomes } = await caption([failing("rejected")]);
  expect(problems).toMatchObject([{ code: "stage_failed" }]);
  expect(outcomes).toEqual([]);
});

describe("a model that finds mentions with the picture", () => {
  const tagger = (code: StageErrorCode, seen: boolean[]) =>
    modelOf<"mner">(
      async ({ picture }) => {
        seen.push(picture !== null);
        if (picture) throw new StageError(code, "cannot");
        return { mentions: [], problems: [] };
      },
      { usesPicture: true },
    );

  test.each([
    ["invalid_picture", ["invalid_picture"]],
    ["rejected", []],
  ] as const)("is asked again without it when it answers %s", async (code, codes) => {
    const seen: boolean[] = [];
    await inRun(deploymentOf({ mner: [tagger(code, seen)] }), async (run) => {
      const picture = new PictureRef(DATA, run.pictures);
      expect(await run.stages.run("mner", { text: "", labels: "gmner" }, picture)).not.toBeNull();
      expect(run.events.flatMap((event) => (event.event === "problem" ? event.problem.code : []))).toEqual(codes);
    });
    expect(seen).toEqual([true, false]);
  });

  test("is not asked again when it fails for another reason", async () => {
    const seen: boolean[] = [];
    await inRun(deploymentOf({ mner: [tagger("failed", seen)] }), async (run) => {
      const picture = new PictureRef(DATA, run.pictures);
      expect(await run.stages.run("mner", { text: "", labels: "gmner" }, picture)).toBeNull();
    });
    expect(seen).toEqual([true]);
  });
});
