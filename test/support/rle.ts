import type { RleMask, Size } from "../../schemas/primitives.ts";
import { compressCounts, rleRuns } from "../../schemas/rle.ts";

/** Encode a row-major mask: `data[y * width + x]` is 0 for a pixel that is not set. */
export function encodeRle(data: ArrayLike<number>, { width, height }: Size): RleMask {
  const counts: number[] = [];
  let set = false;
  let run = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0, index = x; y < height; y++, index += width) {
      if ((data[index] !== 0) !== set) {
        counts.push(run);
        run = 0;
        set = !set;
      }
      run++;
    }
  }
  counts.push(run);
  return { size: [height, width], counts: compressCounts(counts) };
}

/** Decode to a row-major mask of zeros and ones. */
export function decodeRle(mask: RleMask): Uint8Array {
  const [height, width] = mask.size;
  const data = new Uint8Array(height * width);
  for (const [start, end] of rleRuns(mask)) {
    for (let index = start; index < end; index++) data[(index % height) * width + Math.floor(index / height)] = 1;
  }
  return data;
}

/** A mask drawn with characters: "#" is set. */
export function drawn(...rows: string[]): RleMask {
  const pixels = rows.flatMap((row) => [...row].map((character) => Number(character === "#")));
  return encodeRle(pixels, { width: rows[0]?.length ?? 0, height: rows.length });
}
