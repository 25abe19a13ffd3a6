import * as z from "zod/mini";
import { phraseOf } from "../adapters/phrase.ts";
import { replicateAdapter } from "../adapters/replicate.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";
import { sizeOf } from "../stage-adapter.ts";

/** hosted-apis section 3.1, `adirik/grounding-dino`. */
const Output = z.object({
  detections: z.array(z.object({ bbox: z.array(z.number()), label: z.optional(z.string()), confidence: z.number() })),
});

/**
 * A detector that proposes well and chooses poorly (RefCOCO 50.8 at its first box, 89.5 within five): all its boxes are
 * returned, best first.
 */
export const groundingDino = replicateAdapter({
  stage: "grounding",
  name: "adirik/grounding-dino",
  version: "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa",
  promptVersion: "2",
  // Its labels are pieces of the query, so several phrases cannot be told apart.
  batch: 1,
  inputs: ["image", "query", "box_threshold", "text_threshold", "show_visualisation"],
  output: { type: "object", reads: ["detections"] },
  card: {
    title: "Grounding DINO",
    price: "by the second of an A40 or T4; about USD 0.001 warm (hosted-apis section 3.1)",
    maximumCostUsd: 0.05,
    returns: "boxes with the detector's confidence",
    cannot: "choose between things of one kind: it matches nouns and no relations",
  },
  ask: ({ image, entities: [entity] }) => ({
    image,
    // A comma would begin another query, and a full stop another phrase (replicate/cog-grounding-dino,
    // IDEA-Research/GroundingDINO).
    query: phraseOf(entity, { without: /[,.]/g }),
    box_threshold: 0.25,
    text_threshold: 0.25,
    show_visualisation: false,
  }),
  read(output, input) {
    const { detections } = readShape(Output, output);
    const regions = detections.flatMap(({ bbox, confidence }) => {
      const box = readBox(bbox, CONVENTIONS["grounding-dino"], sizeOf(input));
      return box ? [{ box, score: confidence, method: "grounding-dino" }] : [];
    });
    return { groundings: [{ id: input.entities[0]?.id ?? "", regions: regions.sort((a, b) => b.score - a.score) }] };
  },
});
