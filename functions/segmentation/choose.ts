import { boxArea, boxIou, intersectBoxes } from "../../schemas/geometry.ts";
import type { Box, EntityType } from "../../schemas/primitives.ts";
import type { DetectedObject } from "../detect/objects.ts";
import { vocClass } from "./voc.ts";

/** What the detectors found in the picture: COCO objects, and lines of printed text. */
export interface Detections {
  readonly objects: ReadonlyArray<{ readonly label: string; readonly box: Box }>;
  readonly lines: ReadonlyArray<{ readonly box: Box }>;
}

/** How the mask of a box is made. */
export type Choice =
  | { readonly by: "person" | "text" | "colour" }
  | { readonly by: "class"; readonly vocClass: number };

/** Least IoU of a box and the detection of the same object, as in the scoring of COCO and GMNER. */
const SAME_OBJECT_IOU = 0.5;

/**
 * How to make the mask of a box: by the detection with the highest IoU. When none reaches 0.5, a PER's box counts as a
 * person (a face, a half-length portrait, or someone whom the detector missed); any other box is cut by colour.
 */
export function chooseMethod(box: Box, type: EntityType | undefined, { objects, lines }: Detections): Choice {
  let best: Choice = { by: "colour" };
  let bestIou = SAME_OBJECT_IOU;
  const offer = (choice: Choice, found: Box) => {
    const iou = boxIou(box, found);
    if (iou < bestIou) return;
    bestIou = iou;
    best = choice;
  };
  for (const line of lines) offer({ by: "text" }, line.box);
  for (const { label, box: found } of objects) {
    const number = vocClass(label);
    if (label === "person") offer({ by: "person" }, found);
    else if (number !== null) offer({ by: "class", vocClass: number }, found);
  }
  // A name in a longer line: nothing else that was found is this box.
  if (best.by === "colour" && lines.some((line) => isPartOfLine(box, line.box))) return { by: "text" };
  return best.by === "colour" && type === "PER" ? { by: "person" } : best;
}

/** Least share of a name's box in the line that it is part of, and least height in heights of the line. Set by hand. */
const [IN_LINE, AS_HIGH] = [0.8, 0.5];

function isPartOfLine(box: Box, line: Box): boolean {
  const height = ({ ymin, ymax }: Box) => ymax - ymin;
  return boxArea(intersectBoxes(box, line)) >= IN_LINE * boxArea(box) && height(box) >= AS_HIGH * height(line);
}

/** Share of the smaller of two boxes in the larger one from which both may show one person. Set by hand. */
const SAME_PERSON = 0.8;

/** The boxes of detected people who are none of those in `boxes`: neighbours, whose pixels belong to no mask. */
export function otherPeople({ objects }: Detections, boxes: readonly Box[]): Box[] {
  const people = objects.filter(({ label }) => label === "person").map(({ box }) => box);
  const mayBe = (one: Box, other: Box) =>
    boxIou(one, other) >= SAME_OBJECT_IOU ||
    boxArea(intersectBoxes(one, other)) >= SAME_PERSON * Math.min(boxArea(one), boxArea(other));
  return people.filter((person) => !boxes.some((box) => mayBe(person, box)));
}

/** The box of the person whom a post most probably names: the largest and surest one; null when there is nobody. */
export function mainPerson(objects: readonly DetectedObject[]): Box | null {
  const people = objects.filter(({ label }) => label === "person");
  const [main] = people.toSorted((a, b) => b.score ** 2 * boxArea(b.box) - a.score ** 2 * boxArea(a.box));
  return main?.box ?? null;
}
