import * as z from "zod/mini";
import { listOf } from "../../../schemas/primitives.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { bestRegions, MOST_DETECTIONS } from "../replies/best-regions.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";

/** Its published schema (replicate.com/adirik/grounding-dino). */
const Output = z.object({
  detections: listOf(
    z.object({ bbox: z.array(z.number()), label: z.optional(z.string()), confidence: z.number() }),
    MOST_DETECTIONS,
  ),
});

/**
 * A detector whose first box is often the wrong one (RefCOCO val: 50.8 % at the first box, 89.5 % within five; Liu et
 * al., arXiv 2303.05499): all its boxes are returned, best first.
 */
export const groundingDino = replicateAdapter({
  stage: "grounding",
  name: "adirik/grounding-dino",
  version: "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa",
  promptVersion: "2",
  // Its labels are parts of the query, so boxes cannot be assigned to one of several phrases.
  batch: 1,
  inputs: ["image", "query", "box_threshold", "text_threshold", "show_visualisation"],
  output: { type: "object", reads: ["detections"] },
  card: {
    title: "Grounding DINO",
    ...replicatePrice,
    returns: "boxes with the detector's confidence",
    cannot: "choose between things of one kind: it matches nouns, not relations",
  },
  ask: ({ image, entity }) => ({
    image,
    // A comma begins another query, and a full stop another phrase (IDEA-Research/GroundingDINO, README.md).
    query: phraseOf(entity, { without: /[,.]/g }),
    box_threshold: 0.25,
    text_threshold: 0.25,
    show_visualisation: false,
  }),
  read(output, { entity, size }) {
    const { detections } = readShape(Output, output);
    const regions = detections.flatMap(({ bbox, confidence }) => {
      const box = readBox(bbox, CONVENTIONS["grounding-dino"], size);
      return box ? [{ box, score: confidence, method: "grounding-dino" }] : [];
    });
    return { groundings: [{ id: entity.id, regions: bestRegions(regions) }] };
  },
});
