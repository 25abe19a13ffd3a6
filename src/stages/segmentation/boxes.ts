import type { Box } from "../../../schemas/primitives.ts";
import type { SegmentationInput } from "../../../schemas/stages/segmentation.ts";
import { StageError } from "../model.ts";
import type { StageAdapter } from "../stage-adapter.ts";

/** A hosted model is charged by the call, and none of these can prepare a picture: without a box it is not asked. */
export function askedWithBoxes(adapter: StageAdapter<"segmentation">): StageAdapter<"segmentation"> {
  return {
    ...adapter,
    create(address, tools) {
      const model = adapter.create(address, tools);
      const version = address.version ?? adapter.card.replicate?.version ?? "unversioned";
      return {
        ...model,
        run: async (input, attempt) =>
          input.boxes.length > 0 ? model.run(input, attempt) : { model: address.model, version, masks: [] },
      };
    },
  };
}

/** The box of a model that takes one at a time. Throws a `StageError`. */
export function onlyBox({ boxes }: SegmentationInput): SegmentationInput["boxes"][number] {
  const [prompt, ...more] = boxes;
  if (!prompt || more.length > 0) throw new StageError("rejected", "takes one box at a time");
  return prompt;
}

/**
 * `[x, y, w, h]` in whole pixels around the box, as the models' own examples have it: a text that they parse
 * (hosted-apis sections 3.1 and 3.4).
 */
export function cornerAndSides({ xmin, ymin, xmax, ymax }: Box): string {
  const [x, y] = [Math.floor(xmin), Math.floor(ymin)];
  return `[${x}, ${y}, ${Math.ceil(xmax) - x}, ${Math.ceil(ymax) - y}]`;
}
