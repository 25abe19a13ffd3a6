import type { EntitySetReport } from "../training-sets/build-entity-set.ts";
import type { MentionSetReport } from "../training-sets/build-mention-set.ts";

/** Ids that are listed of a long list. */
const SHOWN = 20;

type Line = readonly [name: string, value: number | string];

/** What was written, for a terminal. */
export function buildTable(report: EntitySetReport | MentionSetReport): string {
  const { lines, lists } = report.task === "mner" ? mentionLines(report) : entityLines(report);
  const shown = lines.map(([name, value]) => {
    return name.padEnd(48) + (typeof value === "number" ? value.toLocaleString("en-US") : value).padStart(12);
  });
  const ids = lists.filter(([, list]) => list.length > 0).map(([name, list]) => `${name}: ${some(list)}`);
  return [...shown, ...ids, ...report.notes].join("\n");
}

interface Parts {
  readonly lines: readonly Line[];
  readonly lists: ReadonlyArray<readonly [name: string, ids: readonly string[]]>;
}

function entityLines(report: EntitySetReport): Parts {
  const { task, gold, entities, rows, several_boxes: several, pictures } = report;
  const total = gold.positive + gold.negative;
  const lines: Line[] = [
    ["training set", task],
    ["format", gold.kind],
    ["posts", gold.posts],
    ["entities", total],
    ["  positive: with a box", gold.positive],
    ["  negative: without", gold.negative],
    ["  repeated: name and type of another in the post", total - entities.positive - entities.negative],
    ["entities without the repeated", entities.positive + entities.negative],
    ["  positive", entities.positive],
    ["  negative", entities.negative],
    ...(several ? [["  with several boxes", several.entities] as const] : []),
    ...Object.entries(report.entities_by_phrasings).map(([count, number]): Line => {
      return [count === "0" ? "entities with their name alone" : `entities with ${count} phrasings`, number];
    }),
    ["rows", rows.total],
    ...(task === "ve" ? [["  positive: entailment", rows.positive] as const] : []),
    ...(task === "ve" ? [["  negative: contradiction", rows.negative] as const] : []),
    ["  with an expansion by a template, no model's", report.template_rows],
    ...(report.rows_without_caption === null ? [] : [["  without a caption", report.rows_without_caption] as const]),
    ...(pictures ? [["rows left out: picture missing or broken", pictures.rows_left_out] as const] : []),
  ];
  if (!pictures) return { lines, lists: [] };
  const lists: Parts["lists"] = [
    ["posts whose picture is missing", pictures.missing],
    ["posts whose picture is broken", pictures.broken],
    ["pictures that were turned upright", pictures.turned],
    ["pictures that a gold box does not fit into", pictures.too_small],
  ];
  return { lines, lists };
}

function mentionLines({ gold, posts_by_knowledge, rows, left_out }: MentionSetReport): Parts {
  return {
    lines: [
      ["training set", "mner"],
      ["format", gold.kind],
      ["posts", gold.posts],
      ["entities", gold.entities],
      ...Object.entries(posts_by_knowledge).map(([count, number]): Line => {
        return [count === "0" ? "posts without knowledge" : `posts with ${count} texts of knowledge`, number];
      }),
      ["rows", rows],
    ],
    lists: [
      ["posts left out, without a token", left_out.empty],
      ["posts left out, failed in gold", left_out.failed],
    ],
  };
}

function some(ids: readonly string[]): string {
  const more = ids.length - SHOWN;
  return `${ids.length}: ${ids.slice(0, SHOWN).join(" ")}${more > 0 ? ` and ${more} more (--json lists all)` : ""}`;
}
