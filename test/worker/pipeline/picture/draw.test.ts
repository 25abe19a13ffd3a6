import { describe, expect, test } from "vitest";
import { drawPng, drawSvg } from "../../../../src/pipeline/picture/draw.ts";
import type { Picture } from "../../../../src/pipeline/picture/read-picture.ts";
import { StageError } from "../../../../src/stages/model.ts";
import { modelOf } from "../../../support/models.ts";
import { blackPng, dataUrl } from "../../../support/png.ts";
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

describe("a picture that a model turned", () => {
  const turnedAs = async (image: string) => {
    const size = { width: 20, height: 30 };
    const model = modelOf<"picture">(() => ({ image, ...size, original: size }));
    return inRun(deploymentOf({ picture: [model] }), async (run) => ({
      svg: await drawSvg(ANSWER, lying, null, run).catch((error: unknown) => error),
      png: await drawPng(ANSWER, lying, null, run).catch((error: unknown) => error),
    }));
  };

  test("is written into the drawing with the type of its bytes, whatever the model calls it", async () => {
    const url = dataUrl(await blackPng(20, 30)).replace("image/png", 'image/png"/><script>alert(1)</script>');
    const { svg } = await turnedAs(url);
    expect(svg).toContain('href="data:image/png;base64,');
    expect(svg).not.toContain("script");
  });

  test("is not decoded when its header says more pixels than the model does", async () => {
    const { png } = await turnedAs(dataUrl(await blackPng(2_500, 2_000)));
    expect(png).toMatchObject({ code: "overlay_not_drawable" });
  });

  test("is not drawn when it is no picture", async () => {
    const { svg, png } = await turnedAs("data:image/png;base64,AAAA");
    expect([svg, png]).toMatchObject([{ code: "stage_failed" }, { code: "overlay_not_drawable" }]);
  });
});
