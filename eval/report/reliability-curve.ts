import type { CalibrationReport } from "../scorers/calibration.ts";
import type { Reliability } from "../scorers/reliability.ts";

/** The square in which the curves are drawn, and the space around it, in pixels. */
const [SIDE, LEFT, TOP, BELOW] = [400, 64, 40, 88];

/**
 * The reliability curve as SVG: for each bin of probabilities, the share of entities that the picture shows. Calibrated
 * probabilities lie on the diagonal. A circle's area grows with the entities in its bin.
 */
export function reliabilityCurve({ before, after }: Pick<CalibrationReport, "before" | "after">): string {
  const [width, height] = [LEFT + SIDE + 24, TOP + SIDE + BELOW];
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].map((value) => {
    const x = `<text x="${xOf(value)}" y="${TOP + SIDE + 20}" text-anchor="middle">${value}</text>`;
    return `${x}<text x="${LEFT - 8}" y="${yOf(value) + 5}" text-anchor="end">${value}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui,sans-serif" font-size="14">
<rect width="${width}" height="${height}" fill="#fff"/>
<rect x="${LEFT}" y="${TOP}" width="${SIDE}" height="${SIDE}" fill="none" stroke="#888"/>
<line x1="${xOf(0)}" y1="${yOf(0)}" x2="${xOf(1)}" y2="${yOf(1)}" stroke="#888" stroke-dasharray="4 4"/>
${ticks.join("\n")}
<text x="${LEFT + SIDE / 2}" y="${TOP + SIDE + 42}" text-anchor="middle">mean probability of the bin</text>
<text transform="translate(18 ${TOP + SIDE / 2}) rotate(-90)" text-anchor="middle">share that the picture shows</text>
${curve("before", before, "#c62828", 0)}
${after ? curve("after, on posts that were not fitted", after, "#0a7d32", 1) : ""}
</svg>
`;
}

function curve(name: string, { bins, ece }: Reliability, colour: string, row: number): string {
  const most = Math.max(...bins.map(({ count }) => count));
  const points = bins.flatMap(({ count, mean, visible }) =>
    mean === null || visible === null ? [] : [{ x: xOf(mean), y: yOf(visible), r: 2 + 10 * Math.sqrt(count / most) }],
  );
  const line = points.map(({ x, y }) => `${x},${y}`).join(" ");
  const circles = points.map(({ x, y, r }) => `<circle cx="${x}" cy="${y}" r="${r.toFixed(1)}" fill-opacity="0.5"/>`);
  const legend = `<text x="${LEFT}" y="${TOP + SIDE + 64 + 18 * row}">${name}: ECE ${(ece ?? 0).toFixed(3)}</text>`;
  const drawn = `<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="2"/>${circles.join("")}`;
  return `<g fill="${colour}">${drawn}${legend}</g>`;
}

const xOf = (value: number) => Number((LEFT + SIDE * value).toFixed(1));
const yOf = (value: number) => Number((TOP + SIDE * (1 - value)).toFixed(1));
