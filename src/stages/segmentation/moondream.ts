import * as z from "zod/mini";
import type { SegmentationInput } from "../../../schemas/stages/segmentation.ts";
import { moondreamAdapter } from "../adapters/moondream.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { MOONDREAM_CLOUD_PRICE } from "../families/moondream.ts";
import { MoondreamBox, moondreamBox } from "../families/moondream-boxes.ts";
import { StageError } from "../model.ts";
import { fillRings } from "../replies/fill-rings.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";
import { ringsOfPath } from "../replies/svg-path.ts";
import { assignMasks } from "./assign-masks.ts";

/** Moondream's own API (docs.moondream.ai/skills/segment, November 2026). Both are null where nothing was found. */
const Output = z.object({
  path: z.optional(z.nullable(ReplyText)),
  bbox: z.optional(z.nullable(MoondreamBox)),
});

/** What to look for in a box of GMNER's types when no expression is known. */
const OBJECTS: Readonly<Record<string, string>> = { PER: "person", LOC: "place", ORG: "logo", OTHER: "object" };

/** Moondream 3, which draws an outline as SVG path data. */
export const moondream = moondreamAdapter({
  stage: "segmentation",
  names: ["segment"],
  promptVersion: "1",
  batch: 1,
  card: {
    title: "Moondream 3, segment, at Moondream",
    ...MOONDREAM_CLOUD_PRICE,
    returns: "the mask of one box, without a score",
    cannot: "be relied on to keep to the box: it is a hint beside the expression, and a mask elsewhere is refused",
  },
  ask: ({ image, boxPrompt, size: { width, height } }) => {
    const { xmin, ymin, xmax, ymax } = boxPrompt.box;
    const share = (number: number) => Math.min(1, Math.max(0, number));
    return {
      image_url: image,
      object: objectOf(boxPrompt),
      spatial_refs: [[share(xmin / width), share(ymin / height), share(xmax / width), share(ymax / height)]],
      stream: false,
    };
  },
  read(output, { boxPrompt, size }) {
    const { path, bbox } = readShape(Output, output);
    if (!path || !bbox) throw new StageError("nothing_found", "found nothing in the box");
    // The path's coordinates are shares of the box around the object, and it is filled as SVG does by default.
    const mask = fillRings(ringsOfPath(path, moondreamBox(bbox, size)), size, "nonzero");
    return { masks: assignMasks([boxPrompt], [{ readings: [mask], score: null }], size, "moondream-segment") };
  },
});

/** The expression, else a noun for the type. */
function objectOf({ expression, type = "OTHER" }: SegmentationInput["boxes"][number]): string {
  const noun = Object.hasOwn(OBJECTS, type) ? OBJECTS[type] : type.toLowerCase().replaceAll("_", " ");
  return phraseOf({ expression, text: noun });
}
