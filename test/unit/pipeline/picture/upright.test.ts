import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { problemDocument } from "../../../../schemas/problem.ts";
import { foldEvents } from "../../../../src/pipeline/fold.ts";
import type { Picture } from "../../../../src/pipeline/picture/read-picture.ts";
import { requireUpright, uprightPicture } from "../../../../src/pipeline/picture/upright.ts";
import { StageError, type StageModel } from "../../../../src/stages/model.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const pictureOf = (more: Partial<Picture>): Picture => ({
  type: "image/png",
  size: { width: 30, height: 20 },
  orientation: 1,
  sha256: "",
  bytes: new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]),
  drawable: true,
  cutOff: null,
  ...more,
});
const turner = modelOf<"picture">(() => ({
  image: "data:image/jpeg;base64,AAEC",
  width: 15,
  height: 10,
  original: { width: 30, height: 20 },
}));
const down = modelOf<"picture">(() => Promise.reject(new StageError("failed", "failed")));

function upright(more: Partial<Picture>, models: readonly StageModel<"picture">[], signal?: AbortSignal) {
  return inRun(
    deploymentOf({ picture: models }),
    async (run) => {
      const shown = await uprightPicture(pictureOf(more), run);
      const { problems, stages } = foldEvents(run.events);
      const codes = problems.map(({ code }) => code);
      return { shown: shown && [shown.type, shown.size.width, shown.orientation], codes, asked: stages.length };
    },
    signal ? { signal } : {},
  );
}

describe("uprightPicture", () => {
  test("asks no model when the picture is upright and small enough", async () => {
    expect(await upright({}, [turner])).toEqual({ shown: ["image/png", 30, 1], codes: [], asked: 0 });
  });

  test("gives the converted picture when it lies on its side or is too large", async () => {
    const converted = { shown: ["image/jpeg", 15, 1], codes: [], asked: 1 };
    expect(await upright({ orientation: 6 }, [turner])).toEqual(converted);
    expect(await upright({ size: { width: LIMITS.modelSide + 1, height: 20 } }, [turner])).toEqual(converted);
  });

  test("gives the stored pixels, and says so, when no model turns it", async () => {
    const { shown, codes } = await upright({ orientation: 6 }, [down]);
    expect(shown).toEqual(["image/png", 20, 6]);
    expect(codes).toEqual(["stage_failed", "picture_not_turned"]);
  });

  test("says once that the file is cut off, and gives what came of it", async () => {
    const cutOff = problemDocument("picture_cut_off", "The picture is cut off.");
    expect(await upright({ cutOff }, [turner])).toEqual({
      shown: ["image/png", 30, 1],
      codes: ["picture_cut_off"],
      asked: 0,
    });
  });

  test("is null when the run ends first, and requireUpright throws that", async () => {
    const { shown } = await upright({ orientation: 6 }, [down], AbortSignal.abort());
    expect(shown).toBeNull();
    const required = inRun(
      deploymentOf({ picture: [down] }),
      (run) => requireUpright(pictureOf({ orientation: 6 }), run),
      {
        signal: AbortSignal.abort(),
      },
    );
    await expect(required).rejects.toMatchObject({ code: "deadline_exceeded", fields: { stage: "picture" } });
  });
});
