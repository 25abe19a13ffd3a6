import type { Size } from "../../schemas/primitives.ts";

/** Least size of a component, as a share of the largest one. Set by hand. */
const LEAST_PART = 0.1;
/** Largest hole to fill, as a share of the mask: the model left it, the object has none. Set by hand. */
const SMALL_HOLE = 0.02;

interface Component {
  readonly cells: Int32Array;
  readonly touchesBorder: boolean;
}

/** The large connected components of a mask, with small holes filled. Cells are 0 or 1, row by row. */
export function cleanMask(mask: Uint8Array, size: Size): Uint8Array {
  const parts = components(mask, size, 1);
  const largest = Math.max(0, ...parts.map(({ cells }) => cells.length));
  const cleaned = new Uint8Array(mask.length);
  let area = 0;
  for (const { cells } of parts) {
    if (cells.length < LEAST_PART * largest) continue;
    for (const cell of cells) cleaned[cell] = 1;
    area += cells.length;
  }
  for (const { cells, touchesBorder } of components(cleaned, size, 0)) {
    if (touchesBorder || cells.length > SMALL_HOLE * area) continue;
    for (const cell of cells) cleaned[cell] = 1;
  }
  return cleaned;
}

/** The 4-connected components of the cells that hold `value`, in reading order of their first cell. */
export function components(mask: Uint8Array, { width, height }: Size, value: 0 | 1): Component[] {
  const visited = new Uint8Array(mask.length);
  const queue = new Int32Array(mask.length);
  const found: Component[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (visited[start] || mask[start] !== value) continue;
    let length = 0;
    let touchesBorder = false;
    const visit = (cell: number) => {
      if (visited[cell] || mask[cell] !== value) return;
      visited[cell] = 1;
      queue[length++] = cell;
    };
    visit(start);
    for (let next = 0; next < length; next++) {
      const cell = queue[next] ?? 0;
      const x = cell % width;
      const y = (cell - x) / width;
      touchesBorder ||= x === 0 || y === 0 || x === width - 1 || y === height - 1;
      if (x > 0) visit(cell - 1);
      if (x < width - 1) visit(cell + 1);
      if (y > 0) visit(cell - width);
      if (y < height - 1) visit(cell + width);
    }
    found.push({ cells: queue.slice(0, length), touchesBorder });
  }
  return found;
}
