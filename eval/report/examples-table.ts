import type { ExamplesReport } from "../scorers/examples-score.ts";
import type { VisibilityScore } from "../scorers/visibility-score.ts";

/** The report of the example posts as a table for a terminal. */
export function examplesTable({ posts, found, spurious, systems, masks }: ExamplesReport): string {
  return [
    `${posts} posts; ${found} of ${systems.ours.entities} gold entities found by exact span (any type), ` +
      `other entities in the answers: ${spurious}.`,
    "An entity that was not found counts as wrong, and as a miss where it is visible. A yes to an entity that is not " +
      "in the gold counts as a false yes.",
    "",
    "over the same mentions        P      R     F1  right box  rightly none  right answers",
    row("ours", systems.ours),
    row("always no", systems.always_no),
    row("always largest person", systems.always_largest_person),
    "",
    `"always largest person" gives every entity the box that grounding finds for a PER without a name; ` +
      "without a box it says no.",
    "A right box has IoU >= 0.5 with a gold box; of several regions the first counts.",
    "",
    ...masks.map(
      ({ mask, iou, posts: shown, answered }) =>
        `${mask}: IoU ${iou?.toFixed(3) ?? "-"}, mean over the ${answered} of ${shown} posts that led to a mask`,
    ),
  ].join("\n");
}

function row(name: string, score: VisibilityScore): string {
  const percentages = [score.precision, score.recall, score.f1].map((value) => (100 * value).toFixed(1).padStart(6));
  return [
    name.padEnd(24),
    ...percentages,
    `${score.right_boxes}/${score.visible}`.padStart(10),
    `${score.rightly_none}/${score.invisible}`.padStart(13),
    `${score.right_answers}/${score.entities}`.padStart(14),
  ].join(" ");
}
