/** A hand-made JPEG file (ITU-T T.81) of a kind that our encoders do not write. */
interface FlatJpeg {
  /** The marker of the frame: 0xc0 baseline, 0xc1 extended, 0xc3 lossless, … */
  readonly frame?: number;
  readonly precision?: number;
  /** The level of each channel, 0 to 255; 128 is the middle at any precision. */
  readonly levels?: readonly number[];
  readonly height?: number;
  /** The transform in Adobe's marker (2 is YCCK); absent for no marker. */
  readonly adobe?: number;
}

/** A JPEG of 8 × 8 pixels of one colour; 128 everywhere where it is lossless. */
export function flatJpeg({ frame = 0xc0, precision = 8, levels = [128], height = 8, adobe }: FlatJpeg): Uint8Array {
  const lossless = frame === 0xc3;
  const components = levels.map((_, index) => index + 1);
  const parts = [
    [0xff, 0xd8],
    adobe === undefined ? [] : segment(0xee, [...ascii("Adobe"), 0, 100, 0, 0, 0, 0, adobe]),
    // The first quantisation value is 8, so that a coefficient of 1 is one level.
    lossless ? [] : segment(0xdb, [0, 8, ...Array(63).fill(1)]),
    segment(frame, [precision, 0, height, 0, 8, levels.length, ...components.flatMap((id) => [id, 0x11, 0])]),
    // DC codes: the categories 0 to 11, four bits each. AC codes: the end of a block, one bit.
    segment(0xc4, [0x00, 0, 0, 0, 12, ...Array(12).fill(0), ...Array(12).keys()]),
    segment(0xc4, [0x10, 1, ...Array(15).fill(0), 0x00]),
    segment(0xda, [levels.length, ...components.flatMap((id) => [id, 0x00]), lossless ? 1 : 0, lossless ? 0 : 63, 0]),
    packed(lossless ? "0000".repeat(64) : levels.map((level) => `${difference(level - 128)}0`).join("")),
    [0xff, 0xd9],
  ];
  return Uint8Array.from(parts.flat());
}

/** A marker segment. */
export function segment(marker: number, data: readonly number[]): number[] {
  const length = data.length + 2;
  return [0xff, marker, length >> 8, length & 0xff, ...data];
}

export const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

/** A DC difference: its category in four bits, then that many bits (T.81, table F.1). */
function difference(value: number): string {
  const bits = Math.abs(value) === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
  const low = value < 0 ? value + 2 ** bits - 1 : value;
  return bits.toString(2).padStart(4, "0") + (bits === 0 ? "" : low.toString(2).padStart(bits, "0"));
}

function packed(bits: string): number[] {
  const bytes = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, "1"), 2);
    bytes.push(byte, ...(byte === 0xff ? [0] : []));
  }
  return bytes;
}

/**
 * 16 × 16, red growing to the right and green downwards: libjpeg-turbo 2.1's jpegtran -arithmetic, sequential and
 * progressive.
 */
export const ARITHMETIC = [
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/yQARCAAQABADASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/AN4Gp7rfXMXHJ443imuyLjWF1IjZrQUlLC/wT4q/INZBWinf4/ioRsYlyv/Z",
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/ygARCAAQABADASIAAhEBAxEB/8wABgAQARD/2gAMAwEAAhADEAAAAf8Au/BB4H5ImP/MAAQQBf/aAAgBAQABBQIVm25HmvLBpeL/zAAEEQX/2gAIAQMBAT8BFnBJjvQg/8wABBEF/9oACAECAQE/ATmPxoP/zAAEEAX/2gAIAQEABj8CXhT/zAAEEAX/2gAIAQEAAT8h14EMiP/aAAwDAQACAAMAAAAQWP/MAAQRBf/aAAgBAwEBPxDWHeD/zAAEEQX/2gAIAQIBAT8QqOD/zAAEEAX/2gAIAQEAAT8QqLPy+PYQgP/Z",
].map((base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
