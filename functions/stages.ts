import { loadEntailment } from "./entailment/index.ts";
import { loadExpansion } from "./expansion/index.ts";
import { loadGrounding } from "./grounding/index.ts";
import { loadMner } from "./mner/index.ts";
import { loadPicture } from "./picture/index.ts";
import type { PictureStore } from "./pictures.ts";
import { loadSegmentation } from "./segmentation/index.ts";
import type { FunctionStage } from "./stage-function.ts";
import type { AnyStageFunction } from "./stage-host.ts";

/** How to load each stage. All share one store of pictures, so that a picture is decoded once. */
export const LOADERS: Record<FunctionStage, (pictures: PictureStore) => Promise<AnyStageFunction>> = {
  picture: loadPicture,
  mner: loadMner,
  expansion: loadExpansion,
  entailment: loadEntailment,
  grounding: loadGrounding,
  segmentation: loadSegmentation,
};
