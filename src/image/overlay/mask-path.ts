import type { RleMask } from "../../../schemas/primitives.ts";
import { columnRuns } from "../../../schemas/rle.ts";

/**
 * A mask as the data of one SVG path. Each run of set pixels in a column is a rectangle one pixel wide; equal columns
 * next to each other share wider rectangles.
 */
export function maskPath(mask: RleMask): string {
  const columns: string[] = [];
  for (const { x, top, bottom } of columnRuns(mask)) columns[x] = `${columns[x] ?? ""}${top},${bottom} `;
  let path = "";
  for (let x = 0; x < columns.length; ) {
    const runs = columns[x];
    let end = x + 1;
    while (runs !== undefined && columns[end] === runs) end++;
    for (const run of runs?.trimEnd().split(" ") ?? []) {
      const [top = 0, bottom = 0] = run.split(",").map(Number);
      path += `M${x} ${top}h${end - x}v${bottom - top}h${x - end}z`;
    }
    x = end;
  }
  return path;
}
