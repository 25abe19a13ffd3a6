import type { RleMask } from "../../../schemas/primitives.ts";
import { columnRuns } from "../../../schemas/rle.ts";

/**
 * A mask's runs as the data of one SVG path: each a rectangle one pixel wide, or wider where columns next to each other
 * are alike.
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
