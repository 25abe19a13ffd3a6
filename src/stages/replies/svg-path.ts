import { LIMITS } from "../../../schemas/limits.ts";
import type { Box } from "../../../schemas/primitives.ts";
import { StageError } from "../../providers/stage-error.ts";
import { arcPoints, cubicPoints, type Point } from "./curves.ts";

/** How many numbers each command takes (SVG 2, section 9.3). */
const NUMBERS: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7, Z: 0 };

const COMMAND = /[\s,]*([MLHVCSQTAZ])/iy;
const NUMBER = /[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)/iy;
/** A flag of an arc is one digit, which the next number may follow at once. */
const FLAG = /[\s,]*([01])/y;
const END = /[\s,]*$/y;

/** How far a corner may lie outside the frame, as a share of its sides. A path further outside is in other units. */
const SLACK = 0.5;
/** The same for control points of curves, which lie further outside than the curves. */
const CONTROL_SLACK = 10;

/**
 * The closed rings of SVG path data (SVG 2, chapter 9), with curves as lines that are at most a tenth of a pixel off.
 * Its coordinates are shares of a frame: 0 is the left or upper side, 1 the right or lower one. Commas may stand before
 * commands as well. Throws a `StageError` for anything that is not a whole path, that is in other units, or that has
 * more than `LIMITS.maskCounts` corners.
 *
 * @param frame in pixels
 * @returns for each ring x, y, x, y, … in pixels
 */
export function ringsOfPath(path: string, frame: Box): number[][] {
  const pen = new Pen(frame);
  for (const { command, numbers } of commandsOf(path)) pen.draw(command, numbers);
  // A move that nothing follows encloses nothing.
  return pen.rings.filter(({ length }) => length > 4);
}

/** The commands of a path, one for each set of numbers. After the first, `M` counts as `L` (section 9.3.3). */
function* commandsOf(path: string): Generator<{ command: string; numbers: readonly number[] }> {
  let at = 0;
  const next = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(path);
    if (found) at = pattern.lastIndex;
    return found?.[1] ?? null;
  };
  let begun = false;
  for (let command = next(COMMAND); command !== null; command = next(COMMAND)) {
    const letter = command.toUpperCase();
    if (!begun && letter !== "M") throw invalid("does not begin with M");
    begun = true;
    const count = NUMBERS[letter] ?? 0;
    let drawn = command;
    for (let sets = 0; ; sets++) {
      const numbers: number[] = [];
      while (numbers.length < count) {
        const isFlag = letter === "A" && (numbers.length === 3 || numbers.length === 4);
        const text = next(isFlag ? FLAG : NUMBER);
        if (text === null) break;
        numbers.push(Number(text));
      }
      if (numbers.length === 0 && sets > 0) break;
      if (numbers.length < count) throw invalid("has too few numbers for a command");
      yield { command: drawn, numbers };
      if (count === 0) break;
      if (letter === "M") drawn = command === "M" ? "L" : "l";
    }
  }
  END.lastIndex = at;
  if (!END.test(path)) throw invalid("has something else than commands and numbers");
}

/** Draws commands into rings. */
class Pen {
  readonly rings: number[][] = [];
  readonly #frame: Box;
  /** Corners of all rings. */
  #corners = 0;
  /** In shares of the frame. */
  #at: Point = [0, 0];
  #start: Point = [0, 0];
  /** The last control point and the curve that it belongs to, for `S` and `T`. */
  #control: { readonly of: string; readonly point: Point } | null = null;

  constructor(frame: Box) {
    this.#frame = frame;
  }

  draw(command: string, numbers: readonly number[]): void {
    const letter = command.toUpperCase();
    const [x, y] = command === letter ? [0, 0] : this.#at;
    const point = (index: number): Point => [x + (numbers[index] ?? 0), y + (numbers[index + 1] ?? 0)];
    const from = this.#at;
    const before = this.#control;
    this.#control = null;
    if (letter === "M") this.#move(point(0));
    else if (letter === "Z") this.#close();
    else if (letter === "H") this.#line([x + (numbers[0] ?? 0), from[1]]);
    else if (letter === "V") this.#line([from[0], y + (numbers[0] ?? 0)]);
    else if (letter === "L") this.#line(point(0));
    else if (letter === "C") this.#cubic(point(0), point(2), point(4));
    else if (letter === "S") this.#cubic(mirrored(before, "C", from), point(0), point(2));
    else if (letter === "Q") this.#quadratic(point(0), point(2));
    else if (letter === "T") this.#quadratic(mirrored(before, "Q", from), point(0));
    else this.#arc(numbers, point(5));
  }

  #move(to: Point): void {
    this.#at = to;
    this.#start = to;
    this.rings.push([]);
    this.#add(to);
  }

  #close(): void {
    const to = this.#start;
    this.#at = to;
    // A command after Z that is no M begins another ring at the same place.
    if ((this.rings.at(-1)?.length ?? 0) > 2) this.#move(to);
  }

  #line(to: Point): void {
    this.#at = to;
    this.#add(to);
  }

  #cubic(first: Point, second: Point, to: Point): void {
    const points = [first, second, to];
    for (const point of points) assertNear(point, point === to ? SLACK : CONTROL_SLACK);
    const pixels = [this.#at, ...points].map((point) => this.#toPixels(point));
    for (const corner of cubicPoints(pixels as [Point, Point, Point, Point])) this.#push(corner);
    this.#at = to;
    this.#control = { of: "C", point: second };
  }

  /** A quadratic curve is the cubic one whose control points lie at two thirds of the way to its own. */
  #quadratic(control: Point, to: Point): void {
    const [x, y] = control;
    const towards = ([px, py]: Point): Point => [px + ((x - px) * 2) / 3, py + ((y - py) * 2) / 3];
    this.#cubic(towards(this.#at), towards(to), to);
    this.#control = { of: "Q", point: control };
  }

  #arc(numbers: readonly number[], to: Point): void {
    const { xmin, ymin, xmax, ymax } = this.#frame;
    const points = arcPoints(this.#at, numbers, to, Math.max(xmax - xmin, ymax - ymin));
    for (const corner of points) this.#line(corner);
    this.#at = to;
  }

  #add(point: Point): void {
    assertNear(point, SLACK);
    this.#push(this.#toPixels(point));
  }

  #push([x, y]: Point): void {
    if (++this.#corners > LIMITS.maskCounts) throw invalid("has too many corners");
    this.rings.at(-1)?.push(x, y);
  }

  #toPixels([x, y]: Point): Point {
    const { xmin, ymin, xmax, ymax } = this.#frame;
    return [xmin + x * (xmax - xmin), ymin + y * (ymax - ymin)];
  }
}

/** The last control point of a curve of this kind, mirrored at the current point; that point where there is none. */
function mirrored(last: { readonly of: string; readonly point: Point } | null, of: string, at: Point): Point {
  return last?.of === of ? [2 * at[0] - last.point[0], 2 * at[1] - last.point[1]] : at;
}

function assertNear(point: Point, slack: number): void {
  if (!point.every((share) => share >= -slack && share <= 1 + slack)) throw invalid("is not in shares of its box");
}

function invalid(fault: string): StageError {
  return new StageError("invalid_output", `answered with a path that ${fault}`);
}
