import { describe, expect, test } from "vitest";
import { drawPng, drawSvg } from "../../../../src/pipeline/picture/draw.ts";
import type { Picture } from "../../../../src/pipeline/picture/read-picture.ts";
import { StageError } from "../../../../src/stages/model.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const ANSWER = { entities: [], partial: false };
const down = modelOf<"picture">(() => Promise.reject(new StageError("failed", "failed on this input")));
const lying: Picture = {
  type: "image/jpeg",
  size: { width: 20, height: 30 },
  orientation: 6,
  sha256: "",
  bytes: new Uint8Array(1),
  drawable: true,
  cutOff: null,
};

describe("a picture that lies on its side and that no model turns", () => {
  test("ends drawSvg with the picture stage's failure", async () => {
    const drawing = inRun(deploymentOf({ picture: [down] }), (run) => drawSvg(ANSWER, lying, null, run));
    await expect(drawing).rejects.toMatchObject({ code: "stage_failed", message: "test:model failed on this input." });
  });

  test("ends drawPng with overlay_not_drawable", async () => {
    const drawing = inRun(deploymentOf({ picture: [down] }), (run) => drawPng(ANSWER, lying, null, run));
    await expect(drawing).rejects.toMatchObject({ code: "overlay_not_drawable" });
  });
});
