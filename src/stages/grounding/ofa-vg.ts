import * as z from "zod/mini";
import { cogModelAdapter } from "../adapters/cog.ts";
import { ofaEntity } from "../families/ofa.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";
import { sizeOf } from "../stage-adapter.ts";

const Bin = z.int().check(z.gte(0), z.lte(999));

/** docs/ofa.md. */
const Output = z.object({ bins: z.array(Bin).check(z.length(4)), version: z.optional(z.string()) });

export const ofaVg = cogModelAdapter({
  stage: "grounding",
  name: "ofa-vg",
  promptVersion: "1",
  batch: 1,
  card: {
    title: "OFA tuned for visual grounding as RiVEG's is, in a container that speaks docs/ofa.md",
    returns: "one box",
    cannot: "find several boxes of one name, nor say how sure it is: scores are null",
  },
  ask: ({ image, entities: [entity] }) => ({ image, text: ofaEntity(entity) }),
  read(output, input) {
    const { bins, version } = readShape(Output, output);
    const id = input.entities[0]?.id ?? "";
    if (bins.every((bin) => bin === 0)) return { groundings: [{ id, regions: [] }], version };
    const box = readBox(bins, CONVENTIONS["ofa-bins"], sizeOf(input));
    if (!box) throw new StageError("invalid_output", "answered with a box that has no area");
    return { groundings: [{ id, regions: [{ box, score: null, method: "ofa-vg" }] }], version };
  },
});
