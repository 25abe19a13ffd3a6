export type Point = readonly [x: number, y: number];

/** How far a line may be from the curve that it stands for, in pixels. */
const TOLERANCE = 0.1;
/** Maximum lines of one curve: enough for one across the longest picture that models get. */
const MOST_LINES = 256;

/**
 * Points along a cubic Bézier curve, its first left out. Their number follows from the curve's second differences
 * (Wang's formula), so that lines between them are at most a tenth of a pixel off.
 */
export function* cubicPoints([a, b, c, d]: readonly [Point, Point, Point, Point]): Generator<Point> {
  const bend = (p: Point, q: Point, r: Point) => Math.hypot(p[0] - 2 * q[0] + r[0], p[1] - 2 * q[1] + r[1]);
  const lines = lineCount(Math.sqrt((0.75 * Math.max(bend(a, b, c), bend(b, c, d))) / TOLERANCE));
  for (let line = 1; line < lines; line++) {
    const t = line / lines;
    const s = 1 - t;
    const at = (axis: 0 | 1) =>
      s * s * s * a[axis] + 3 * s * s * t * b[axis] + 3 * s * t * t * c[axis] + t * t * t * d[axis];
    yield [at(0), at(1)];
  }
  yield d;
}

/**
 * Points along an elliptical arc, its first left out (SVG 2, section B.2). A radius of 0 makes it a line.
 *
 * @param numbers both radii, the rotation in degrees, and the flags "large" and "sweep"
 * @param pixels how many pixels a length of 1 is
 */
export function* arcPoints(from: Point, numbers: readonly number[], to: Point, pixels: number): Generator<Point> {
  const [rx = 0, ry = 0, degrees = 0, large = 0, sweep = 0] = numbers;
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [halfX, halfY] = [(from[0] - to[0]) / 2, (from[1] - to[1]) / 2];
  if (rx !== 0 && ry !== 0 && (halfX !== 0 || halfY !== 0)) {
    // In the frame of the ellipse, scaled so that it is a circle of radius 1; enlarged where it does not reach.
    const [unitX, unitY] = [(cos * halfX + sin * halfY) / Math.abs(rx), (cos * halfY - sin * halfX) / Math.abs(ry)];
    const reach = Math.max(1, Math.hypot(unitX, unitY));
    const [x, y] = [unitX / reach, unitY / reach];
    const side = (large === sweep ? -1 : 1) * Math.sqrt(Math.max(0, 1 / (x * x + y * y) - 1));
    const [centreX, centreY] = [side * y, -side * x];
    const start = Math.atan2(y - centreY, x - centreX);
    let turn = Math.atan2(-y - centreY, -x - centreX) - start;
    if (sweep === 1 && turn < 0) turn += 2 * Math.PI;
    if (sweep === 0 && turn > 0) turn -= 2 * Math.PI;
    const [a, b] = [Math.abs(rx) * reach, Math.abs(ry) * reach];
    const [middleX, middleY] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    const lines = lineCount((Math.abs(turn) / 2) * Math.sqrt((Math.max(a, b) * pixels) / (2 * TOLERANCE)));
    for (let line = 1; line < lines; line++) {
      const angle = start + (turn * line) / lines;
      const [u, v] = [a * (Math.cos(angle) + centreX), b * (Math.sin(angle) + centreY)];
      yield [middleX + cos * u - sin * v, middleY + sin * u + cos * v];
    }
  }
  yield to;
}

function lineCount(wanted: number): number {
  return Math.min(MOST_LINES, Math.max(1, Math.ceil(wanted)));
}
