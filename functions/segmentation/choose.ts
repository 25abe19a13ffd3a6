import { boxArea, boxIou, intersectBoxes } from "../../schemas/geometry.ts";
import type { Box, EntityType } from "../../schemas/primitives.ts";
import { vocClass } from "./voc.ts";

/** What the detectors saw in the picture: COCO objects, and lines of printed text. */
export interface Detections {
  readonly objects: ReadonlyArray<{ readonly label: string; readonly box: Box }>;
  readonly lines: ReadonlyArray<{ readonly box: Box }>;
}

/** How the mask of a box is made. */
export type Choice =
  | { readonly by: "person" | "text" | "colour" }
  | { readonly by: "class"; readonly vocClass: number };

/** IoU from which a box and a detection are the same thing, as in COCO's and GMNER's scoring. */
const SAME = 0.5;

/**
 * The detection that agrees best with the box says how to cut it out. Where none agrees, a person's box that shares
 * half of itself with a detected person (a face, a half-length portrait) is a person's; anything else is cut by its
 * colours.
 */
export function chooseMethod(box: Box, type: EntityType | undefined, { objects, lines }: Detections): Choice {
  let best: Choice = { by: "colour" };
  let agreement = SAME;
  const offer = (choice: Choice, found: Box) => {
    const iou = boxIou(box, found);
    if (iou < agreement) return;
    agreement = iou;
    best = choice;
  };
  for (const line of lines) offer({ by: "text" }, line.box);
  for (const { label, box: found } of objects) {
    const number = vocClass(label);
    if (label === "person") offer({ by: "person" }, found);
    else if (number !== null) offer({ by: "class", vocClass: number }, found);
  }
  if (best.by !== "colour" || type !== "PER") return best;
  const aPersonIsThere = objects.some(({ label, box: found }) => {
    const smaller = Math.min(boxArea(box), boxArea(found));
    return label === "person" && boxArea(intersectBoxes(box, found)) >= SAME * smaller;
  });
  return aPersonIsThere ? { by: "person" } : best;
}
