/** Size of a PNG's pixels. */
export interface RowFormat {
  readonly width: number;
  readonly height: number;
  /** Bits per pixel. */
  readonly bits: number;
}

/**
 * The unfiltered rows of a PNG that is not interlaced (PNG specification, clause 9). A row's buffer is reused, so it is
 * valid only until the next row is read. Throws when the data is damaged, too short or too long.
 *
 * @param packed data of all IDAT chunks, joined
 */
export async function* pngRows(packed: Uint8Array, { width, height, bits }: RowFormat): AsyncGenerator<Uint8Array> {
  const stride = Math.ceil((width * bits) / 8);
  const step = Math.max(1, bits >> 3);
  let [row, before] = [new Uint8Array(stride), new Uint8Array(stride)];
  let [filter, filled, rows] = [-1, 0, 0];
  const stream = slices(packed as Uint8Array<ArrayBuffer>).pipeThrough(new DecompressionStream("deflate"));
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
    for (let at = 0; at < part.length; ) {
      if (rows === height) throw new RangeError("more rows than the header says");
      if (filter < 0) {
        filter = part[at++] ?? 0;
        continue;
      }
      const take = Math.min(stride - filled, part.length - at);
      row.set(part.subarray(at, at + take), filled);
      [at, filled] = [at + take, filled + take];
      if (filled < stride) continue;
      unfilter(filter, row, before, step);
      yield row;
      [row, before] = [before, row];
      [filter, filled, rows] = [-1, 0, rows + 1];
    }
  }
  if (rows < height) throw new RangeError("fewer rows than the header says");
}

/**
 * Bytes that are decompressed at a time. workerd decompresses all that it is given before any of it is read (measured:
 * 486 KB became 500 MB); deflate makes at most a thousand times as many bytes.
 */
const SLICE_BYTES = 4_096;

function slices(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.subarray(at, at + SLICE_BYTES));
      else controller.close();
      at += SLICE_BYTES;
    },
  });
}

function unfilter(filter: number, row: Uint8Array, before: Uint8Array, step: number): void {
  if (filter > 4) throw new RangeError(`${filter} is no PNG filter type`);
  if (filter === 0) return;
  for (let index = 0; index < row.length; index++) {
    const left = index >= step ? (row[index - step] ?? 0) : 0;
    const above = before[index] ?? 0;
    const corner = index >= step ? (before[index - step] ?? 0) : 0;
    const predicted =
      filter === 1 ? left : filter === 2 ? above : filter === 3 ? (left + above) >> 1 : paeth(left, above, corner);
    row[index] = (row[index] ?? 0) + predicted;
  }
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - above), Math.abs(estimate - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}
