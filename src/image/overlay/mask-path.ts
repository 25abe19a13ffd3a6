import { polygonsOfRle } from "../../../schemas/polygon.ts";
import type { RleMask } from "../../../schemas/primitives.ts";

/**
 * A mask's outline as the data of one SVG path, along the edges of pixels. A hole runs the other way round, so that the
 * fill rule "nonzero" leaves it out.
 */
export function maskPath(mask: RleMask): string {
  return polygonsOfRle(mask).polygons.flat().map(ringPath).join("");
}

/** A ring whose sides run along rows and columns by turns. */
function ringPath(ring: readonly number[]): string {
  let [x = 0, y = 0] = ring;
  let path = `M${x} ${y}`;
  for (let at = 2; at < ring.length; at += 2) {
    const [nextX = 0, nextY = 0] = [ring[at], ring[at + 1]];
    path += nextY === y ? `h${nextX - x}` : `v${nextY - y}`;
    [x, y] = [nextX, nextY];
  }
  return `${path}z`;
}
