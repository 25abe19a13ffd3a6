import { rleOf } from "../../schemas/polygon.ts";
import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import { rleArea } from "../../schemas/rle.ts";

const HEADER = ["entity", "type", "visible?", "score", "box", "named one?", "mask px", "which model said so"];

/** An answer as a table for a terminal: one row a region, or one for an entity that has none; then the problems. */
export function answerTable(answer: RecognizeAnswer): string {
  const rows = answer.entities.flatMap(entityRows);
  const widths = HEADER.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const problems = answer.problems.map((problem) => `  ! ${problem.stage ?? problem.code}: ${problem.detail}`);
  return [line(HEADER), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ...problems]
    .map((text) => `  ${text}`)
    .join("\n");
}

function entityRows({ text, type, visible, visibility, regions }: RecognizeAnswer["entities"][number]): string[][] {
  const verdict =
    visible === null ? (visibility.reason ?? "-").replace("undecided", "cannot tell") : visible ? "yes" : "no";
  const cells = [text, type, verdict, visibility.score === null ? "-" : visibility.score.toFixed(2)];
  if (regions.length === 0) return [[...cells, "-", "-", "-", visibility.method ?? "-"]];
  return regions.map(({ box, link, mask, mask_reason, method, mask_method }) => [
    ...cells,
    [box.xmin, box.ymin, box.xmax, box.ymax].map(Math.round).join(","),
    link.basis.replaceAll("_", " ") + (link.score === null ? "" : ` ${link.score.toFixed(2)}`),
    mask ? String(rleArea(rleOf(mask))) : (mask_reason ?? "-"),
    [visibility.method, method, mask_method].filter((name) => name !== null).join(" · "),
  ]);
}
