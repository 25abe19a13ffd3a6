import type { CocoMask, PolygonMask, RleMask } from "./primitives.ts";
import { columnRuns, encodeColumns } from "./rle.ts";
import { firstAtLeast } from "./sorted.ts";

/** The runs of a mask in any form. */
export function rleOf(mask: RleMask | PolygonMask | CocoMask): RleMask {
  if ("counts" in mask) return mask;
  return rleOfPolygons("polygons" in mask ? mask : { size: mask.size, polygons: mask.segmentation.map((r) => [r]) });
}

/** A run of set pixels in one column, `top` to before `bottom`. Its top edge is part of exactly one ring. */
interface Run {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  /** Another run of the same connected part; itself for the part's first. */
  parent: Run;
  traced: boolean;
  /** Whether its left side is an outline also where a pixel lies beside it. */
  cut: boolean;
}

/** East, south, west, north, with y down. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/**
 * A mask's outline, exactly: rings run along the edges of pixels, so every corner is a whole number and `rleOfPolygons`
 * gives the mask back. Each polygon is its outer ring, clockwise as seen, then its holes, the other way round. Pixels
 * that touch only at a corner are two polygons. Throws a `RangeError` for an RLE that does not fill its size.
 */
export function polygonsOfRle(mask: RleMask): PolygonMask {
  const parts = new Map<Run, number[][]>();
  for (const { ring, area, lowest } of traceRings(connectedRuns(mask))) {
    const part = rootOf(lowest);
    const rings = parts.get(part) ?? [];
    if (area > 0) rings.unshift(ring);
    else rings.push(ring);
    parts.set(part, rings);
  }
  return { size: mask.size, polygons: [...parts.values()] };
}

/**
 * A mask's outline, exactly, as rings without holes. The run of pixels below each hole's lowest edge is cut along its
 * left side, which joins the hole to an outline further down, and so at last to the outer one. Throws a `RangeError`
 * for an RLE that does not fill its size.
 */
export function cocoOfRle(mask: RleMask): CocoMask {
  const columns = connectedRuns(mask);
  for (const { area, lowest } of [...traceRings(columns)]) lowest.cut = area < 0;
  for (const run of [...columns.values()].flat()) run.traced = false;
  return { size: mask.size, segmentation: [...traceRings(columns)].map(({ ring }) => ring) };
}

/** A closed outline. */
interface Ring {
  readonly ring: number[];
  /** Negative for a hole. */
  readonly area: number;
  /** The run whose top edge is the lowest that is part of the ring. */
  readonly lowest: Run;
}

/** Every ring once. */
function* traceRings(columns: ReadonlyMap<number, readonly Run[]>): Generator<Ring> {
  for (const runs of columns.values()) {
    for (const run of runs) if (!run.traced) yield traceRing(columns, run);
  }
}

/** The runs of each column, from the top, those that share an edge with one in the column before joined to it. */
function connectedRuns(mask: RleMask): Map<number, Run[]> {
  const columns = new Map<number, Run[]>();
  for (const { x, top, bottom } of columnRuns(mask)) {
    const run = { x, top, bottom, traced: false, cut: false } as Run;
    run.parent = run;
    const besides = columns.get(x - 1) ?? [];
    for (let index = indexFrom(besides, top); (besides[index]?.top ?? bottom) < bottom; index++)
      rootOf(besides[index] as Run).parent = rootOf(run);
    const column = columns.get(x);
    if (column) column.push(run);
    else columns.set(x, [run]);
  }
  return columns;
}

function rootOf(run: Run): Run {
  let root = run;
  while (root.parent !== root) {
    root.parent = root.parent.parent;
    root = root.parent;
  }
  return root;
}

/** The index of the first run of a column that ends below a row. */
function indexFrom(column: readonly Run[], y: number): number {
  return firstAtLeast(column.length, (index) => (column[index] as Run).bottom, y + 1);
}

/** The run of which a pixel is part. */
function runAt(columns: ReadonlyMap<number, readonly Run[]>, x: number, y: number): Run | undefined {
  const column = columns.get(x) ?? [];
  const run = column[indexFrom(column, y)];
  return run && run.top <= y ? run : undefined;
}

/**
 * Where a ring may turn next that goes down or up along column x: at the end of the run to its right, or where the
 * column to its left changes. A ring along a thousand pixels takes one step.
 */
function nextCorner(columns: ReadonlyMap<number, readonly Run[]>, x: number, y: number, isDown: boolean): number {
  if (isDown) {
    const beside = columns.get(x) ?? [];
    const run = beside[indexFrom(beside, y)];
    const change = run && (run.top <= y ? run.bottom : run.top);
    return Math.min(runAt(columns, x - 1, y)?.bottom ?? y + 1, change ?? Number.POSITIVE_INFINITY);
  }
  const run = runAt(columns, x, y - 1);
  if (!run || run.cut) return run?.top ?? y - 1;
  const beside = columns.get(x - 1) ?? [];
  return Math.max(run.top, beside[indexFrom(beside, y - 1) - 1]?.bottom ?? 0);
}

/** The ring that the top edge of `first` is part of: set pixels lie to the right of the way. */
function traceRing(columns: ReadonlyMap<number, readonly Run[]>, first: Run): Ring {
  const has = (x: number, y: number) => runAt(columns, x, y) !== undefined;
  // Whether an outline can run along the left side of a place: no pixel is set there, or its run is cut.
  const open = (x: number, y: number) => runAt(columns, x, y)?.cut ?? true;
  // From a corner, an edge leads on where there is a pixel to its right and none, or a cut, to its left.
  const leads = [
    (x: number, y: number) => has(x, y) && !has(x, y - 1),
    (x: number, y: number) => has(x - 1, y) && open(x, y),
    (x: number, y: number) => has(x - 1, y - 1) && !has(x - 1, y),
    (x: number, y: number) => has(x, y - 1) && (open(x, y - 1) || !has(x - 1, y - 1)),
  ];
  const ring: number[] = [];
  let [x, y, direction, area] = [first.x, first.top, 0, 0];
  let lowest = first;
  do {
    if (direction === 0) {
      const run = runAt(columns, x, y) as Run;
      run.traced = true;
      if (y > lowest.top) lowest = run;
    }
    const [dx, dy] = STEPS[direction] as (typeof STEPS)[number];
    const nextY = dy === 0 ? y : nextCorner(columns, x, y, dy > 0);
    area += x * (nextY - y) - y * dx;
    [x, y] = [x + dx, nextY];
    // To the right first: where two pixels touch at a corner, the ring keeps to its own.
    const next = [1, 0, 3].map((turn) => (direction + turn) % 4).find((turned) => leads[turned]?.(x, y)) ?? direction;
    if (next !== direction) ring.push(x, y);
    direction = next;
  } while (x !== first.x || y !== first.top || direction !== 0);
  return { ring, area, lowest };
}

/**
 * The mask whose pixels have their centre inside at least one of the polygons; within a polygon, the even-odd rule over
 * its rings decides, so that holes stay open. Corners may lie anywhere, also outside the picture. Of a pixel whose
 * centre lies exactly on an edge: the left and the upper edge of a shape take it in, the right and the lower do not.
 */
export function rleOfPolygons({ size, polygons }: PolygonMask): RleMask {
  const [height, width] = size;
  const row = (y: number) => Math.min(height, Math.max(0, Math.ceil(y - 0.5)));
  const columns = new Map<number, Array<[top: number, bottom: number]>>();
  for (const rings of polygons) {
    for (const [x, crossings] of crossingsByColumn(rings, width)) {
      const rows = crossings.sort((a, b) => a - b).map(row);
      const column = columns.get(x) ?? [];
      columns.set(x, column);
      for (let index = 0; index + 1 < rows.length; index += 2) column.push([rows[index] ?? 0, rows[index + 1] ?? 0]);
    }
  }
  return encodeColumns(sorted(), { width, height });

  function* sorted(): Generator<readonly number[]> {
    // Runs of two polygons may overlap.
    for (let x = 0; x < width; x++) yield (columns.get(x) ?? []).sort(([a], [b]) => a - b).flat();
  }
}

/** Where the edges of rings cross the centre line of each column: the y of every crossing, by column. */
function crossingsByColumn(rings: readonly number[][], width: number): Map<number, number[]> {
  const crossings = new Map<number, number[]>();
  for (const ring of rings) {
    for (let corner = 0; corner + 1 < ring.length; corner += 2) {
      const [x0, y0] = [ring[corner] as number, ring[corner + 1] as number];
      const [x1, y1] = [ring[(corner + 2) % ring.length] as number, ring[(corner + 3) % ring.length] as number];
      // Half-open, so that a corner on a column's centre counts for one of its two edges.
      const first = Math.max(0, Math.ceil(Math.min(x0, x1) - 0.5));
      const end = Math.min(width, Math.ceil(Math.max(x0, x1) - 0.5));
      for (let x = first; x < end; x++) {
        const y = y0 + ((x + 0.5 - x0) / (x1 - x0)) * (y1 - y0);
        const column = crossings.get(x);
        if (column) column.push(y);
        else crossings.set(x, [y]);
      }
    }
  }
  return crossings;
}
