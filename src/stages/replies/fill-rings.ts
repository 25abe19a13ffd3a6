import { LIMITS } from "../../../schemas/limits.ts";
import type { RleMask, Size } from "../../../schemas/primitives.ts";
import { encodeColumns } from "../../../schemas/rle.ts";
import { StageError } from "../../providers/stage-error.ts";

/** What counts as inside of rings that cross or hold each other (SVG 2, section 13.4.2). */
export type FillRule = "nonzero" | "evenodd";

/** Where an edge crosses the centre line of a column, and whether it runs to the right (1) or to the left (-1). */
interface Crossing {
  readonly y: number;
  readonly turn: number;
}

/**
 * The mask whose pixels have their centre inside the rings. Corners may lie anywhere. A pixel whose centre lies on an
 * edge counts as in `rleOfPolygons`, whose masks these are with the rule `evenodd`. Throws a `StageError` when the
 * edges cross more than `LIMITS.maskCounts` columns in all: a few kilobytes of zigzag would fill the memory.
 *
 * @param rings for each x, y, x, y, … in pixels; the last corner is joined to the first
 */
export function fillRings(rings: readonly number[][], { width, height }: Size, rule: FillRule): RleMask {
  const columns = crossingsByColumn(rings, width);
  const isInside = (turns: number) => (rule === "nonzero" ? turns !== 0 : turns % 2 !== 0);
  const row = (y: number) => Math.min(height, Math.max(0, Math.ceil(y - 0.5)));
  try {
    return encodeColumns(filled(), { width, height });
  } catch (error) {
    if (error instanceof RangeError) throw tooMany();
    throw error;
  }

  function* filled(): Generator<readonly number[]> {
    for (let x = 0; x < width; x++) {
      const edges: number[] = [];
      let turns = 0;
      for (const { y, turn } of (columns.get(x) ?? []).sort((a, b) => a.y - b.y)) {
        const was = isInside(turns);
        turns += turn;
        if (isInside(turns) !== was) edges.push(row(y));
      }
      yield edges;
    }
  }
}

function crossingsByColumn(rings: readonly number[][], width: number): Map<number, Crossing[]> {
  const columns = new Map<number, Crossing[]>();
  let crossings = 0;
  for (const ring of rings) {
    for (let corner = 0; corner + 1 < ring.length; corner += 2) {
      const [x0, y0] = [ring[corner] as number, ring[corner + 1] as number];
      const [x1, y1] = [ring[(corner + 2) % ring.length] as number, ring[(corner + 3) % ring.length] as number];
      // Half-open, so that a corner on a column's centre counts for one of its two edges.
      const first = Math.max(0, Math.ceil(Math.min(x0, x1) - 0.5));
      const end = Math.min(width, Math.ceil(Math.max(x0, x1) - 0.5));
      crossings += Math.max(0, end - first);
      if (crossings > LIMITS.maskCounts) throw tooMany();
      for (let x = first; x < end; x++) {
        const crossing = { y: y0 + ((x + 0.5 - x0) / (x1 - x0)) * (y1 - y0), turn: Math.sign(x1 - x0) };
        const column = columns.get(x);
        if (column) column.push(crossing);
        else columns.set(x, [crossing]);
      }
    }
  }
  return columns;
}

function tooMany(): StageError {
  return new StageError("invalid_output", "answered with an outline of too many edges");
}
