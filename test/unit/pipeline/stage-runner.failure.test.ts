import { describe, expect, test } from "vitest";
import { StageError } from "../../../src/stages/model.ts";
import { modelOf } from "../../support/models.ts";
import { deploymentOf, inRun } from "../../support/run.ts";

const down = (detail: string) => modelOf<"caption">(() => Promise.reject(new StageError("failed", detail)));

describe("failure", () => {
  test("is the stage's own when another stage failed too", async () => {
    const deployment = deploymentOf({
      caption: [down("failed as captioner")],
      mner: [modelOf<"mner">(() => Promise.reject(new StageError("failed", "failed as tagger")))],
    });
    const [caption, mner] = await inRun(deployment, async (run) => {
      await run.stages.run("mner", { text: "", labels: "gmner" });
      await run.stages.run("caption", {});
      return [run.stages.failure("caption"), run.stages.failure("mner")];
    });
    expect(caption).toMatchObject({
      code: "stage_failed",
      message: "test:model failed as captioner.",
      fields: { stage: "caption" },
    });
    expect(mner).toMatchObject({ message: "test:model failed as tagger.", fields: { stage: "mner" } });
  });

  test("says that the deadline passed when the stage was never asked", async () => {
    const caller = AbortSignal.abort();
    const failure = await inRun(deploymentOf({}), async (run) => run.stages.failure("picture"), { signal: caller });
    expect(failure).toMatchObject({
      code: "deadline_exceeded",
      message: "The deadline passed before picture preparation had answered.",
    });
  });
});

describe("require", () => {
  test("throws the failure when no model answers, and emits it as a problem once", async () => {
    const codes = await inRun(deploymentOf({ caption: [down("failed on this input")] }), async (run) => {
      await expect(run.stages.require("caption", {})).rejects.toMatchObject({ code: "stage_failed" });
      return run.events.flatMap((event) => (event.event === "problem" ? event.problem.code : []));
    });
    expect(codes).toEqual(["stage_failed"]);
  });
});
