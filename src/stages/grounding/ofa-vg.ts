import * as z from "zod/mini";
import { cogModelAdapter } from "../adapters/cog.ts";
import { ofaEntity } from "../families/ofa.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";

const Bin = z.int().check(z.gte(0), z.lte(999));

/** The container's output: docs/ofa.md. */
const Output = z.object({ bins: z.array(Bin).check(z.length(4)), version: z.optional(z.string()) });

export const ofaVg = cogModelAdapter({
  stage: "grounding",
  name: "ofa-vg",
  promptVersion: "1",
  batch: 1,
  card: {
    title: "OFA fine-tuned for visual grounding like RiVEG's, in a container that follows docs/ofa.md",
    returns: "one box",
    cannot: "find several boxes of one name, nor give a probability: scores are null",
  },
  ask: ({ image, entity }) => ({ image, text: ofaEntity(entity) }),
  read(output, { entity: { id }, size }) {
    const { bins, version } = readShape(Output, output);
    if (bins.every((bin) => bin === 0)) return { groundings: [{ id, regions: [] }], version };
    const box = readBox(bins, CONVENTIONS["ofa-bins"], size);
    if (!box) throw new StageError("invalid_output", "answered with a box that has no area");
    return { groundings: [{ id, regions: [{ box, score: null, method: "ofa-vg" }] }], version };
  },
});
