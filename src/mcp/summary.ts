import type { Box } from "../../schemas/primitives.ts";
import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import { visibilityText } from "./progress.ts";

/** The answer to a post in lines for a reader: one an entity, and one a problem. */
export function summaryOf({ entities, image, problems }: RecognizeAnswer): string {
  const lines = entities.map(({ text, type, visible, regions }) => {
    const boxes = regions.map(({ box }) => boxText(box)).join(", ");
    const seen = image ? visibilityText(visible) : "no picture";
    return `${text} (${type}): ${seen}${boxes ? `, at ${boxes}` : ""}`;
  });
  if (lines.length === 0) lines.push("The text names no entity that the models know.");
  else if (image)
    lines.push(`Boxes are xmin, ymin, xmax, ymax in pixels of a ${image.width} × ${image.height} picture.`);
  return [...lines, ...problems.map(({ detail }) => `Problem: ${detail}`)].join("\n");
}

function boxText({ xmin, ymin, xmax, ymax }: Box): string {
  return `[${[xmin, ymin, xmax, ymax].map(Math.round).join(", ")}]`;
}
