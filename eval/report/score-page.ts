import { existsSync } from "node:fs";
import sharp from "sharp";
import type { BoxCorners, EvaluatedEntity } from "../../schemas/evaluation.ts";
import { polygonsOfRle } from "../../schemas/polygon.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { ofPost } from "../readers/evaluated-file.ts";
import { picturesOf } from "../readers/picture-check.ts";
import type { PostPair } from "../scorers/pair-posts.ts";
import type { Scored, ScoreReport } from "../scorers/score-report.ts";
import { PARTS, totalOf } from "../scorers/tally.ts";
import { scoreTable } from "./score-table.ts";

/** Posts that are drawn, and the longest side of a picture on the page. */
const [POSTS, LONG_SIDE] = [40, 640];

const NOTHING = new Int32Array();

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
pre{overflow-x:auto;font-size:.8rem;background:#f4f4f4;padding:1rem}
article{border-top:1px solid #ccc;padding:1rem 0}
table{border-collapse:collapse;font-size:.9rem}td,th{text-align:left;padding:.1rem .8rem .1rem 0}
svg{max-width:100%;height:auto;background:#eee}
.gold{stroke:#0a7d32;fill:#0a7d3233}.predicted{stroke:#c62828;fill:#c6282833;stroke-dasharray:6 4}
.gold,.predicted{stroke-width:3;fill-rule:evenodd}svg text{font:bold 16px system-ui;stroke:#fff;stroke-width:3;paint-order:stroke}
svg .gold-name{fill:#0a7d32}svg .predicted-name{fill:#c62828}`;

/** A page without scripts: the scores, and the posts with most errors, drawn. */
export async function scorePage(report: ScoreReport, scored: Scored, images: string | null): Promise<string> {
  const pictures = images === null ? new Map<string, string>() : await picturesOf(images);
  const { name, posts } = worstPosts(scored);
  const drawn: string[] = [];
  for (const { pair, errors } of posts)
    drawn.push(await postPart(pair, errors, ofPost(pictures, pair.gold.id) ?? null));
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Evaluation</title>
<style>${STYLE}</style>
<h1>Evaluation</h1>
<pre>${escaped(scoreTable(report))}</pre>
<h2>Posts with most errors${name ? ` (${escaped(name)})` : ""}</h2>
<p>Green is gold. Red, dashed, is predicted. An error is an entity that was missed or is wrong.</p>
${drawn.join("\n")}
</html>
`;
}

/** The posts with most wrong and missed entities, by the first task that was scored. */
function worstPosts({ request, series }: Scored): {
  name: string | null;
  posts: Array<{ pair: PostPair; errors: number }>;
} {
  const first = series.find(({ tally }) => tally !== null);
  const errorsOf = (post: number) => {
    const { right, predicted, gold } = totalOf(
      first?.tally?.counts.subarray(PARTS * post, PARTS * (post + 1)) ?? NOTHING,
    );
    return predicted + gold - 2 * right;
  };
  const posts = request.pairing.pairs
    .map((pair, index) => ({ pair, errors: errorsOf(index) }))
    .filter(({ errors }) => errors > 0)
    .toSorted((a, b) => b.errors - a.errors)
    .slice(0, POSTS);
  return { name: first ? `${first.protocol} ${first.task}` : null, posts };
}

async function postPart({ gold, predicted, text }: PostPair, errors: number, picture: string | null): Promise<string> {
  const rows = [
    ...gold.entities.map((entity) => entityRow("gold", entity)),
    ...predicted.entities.map((entity) => entityRow("predicted", entity)),
  ];
  return `<article>
<h3>${escaped(gold.id)}: ${errors} errors</h3>
${text === null ? "" : `<p>${escaped(text)}</p>`}
<table><tr><th></th><th>entity</th><th>type</th><th>regions</th></tr>
${rows.join("\n")}</table>
${await drawing(gold.entities, predicted.entities, picture)}
</article>`;
}

function entityRow(side: string, { text, type, boxes }: EvaluatedEntity): string {
  return `<tr><td>${side}</td><td>${escaped(text)}</td><td>${escaped(type)}</td><td>${boxes.length || "none"}</td></tr>`;
}

async function drawing(
  gold: readonly EvaluatedEntity[],
  predicted: readonly EvaluatedEntity[],
  picture: string | null,
): Promise<string> {
  const all = [...gold, ...predicted];
  const shown = picture === null || !existsSync(picture) ? null : await shrunk(picture);
  if (all.every(({ boxes }) => boxes.length === 0) && !shown) return "";
  const { width, height } = shown ?? extentOf(all);
  const image = shown ? `<image href="${shown.url}" width="${width}" height="${height}"/>` : "";
  const marks = [
    ...gold.map((entity) => marked("gold", entity)),
    ...predicted.map((entity) => marked("predicted", entity)),
  ];
  const display = Math.min(1, LONG_SIDE / Math.max(width, height));
  const size = `width="${Math.round(width * display)}" height="${Math.round(height * display)}"`;
  return `<svg ${size} viewBox="0 0 ${width} ${height}">${image}${marks.join("")}</svg>`;
}

/** A small copy of a picture as a data URL, with the size of the original; null where it cannot be read. */
async function shrunk(file: string): Promise<{ url: string; width: number; height: number } | null> {
  try {
    // The boxes count in pixels of the upright picture.
    const { autoOrient } = await sharp(file).metadata();
    const small = sharp(file).autoOrient().resize(LONG_SIDE, LONG_SIDE, { fit: "inside", withoutEnlargement: true });
    const bytes = await small.jpeg({ quality: 70 }).toBuffer();
    return { url: `data:image/jpeg;base64,${bytes.toString("base64")}`, ...autoOrient };
  } catch {
    return null;
  }
}

/** A sheet as large as what is drawn on it, where there is no picture. */
function extentOf(entities: readonly EvaluatedEntity[]): { width: number; height: number } {
  const corners = entities.flatMap(({ boxes }) => boxes);
  const masks = entities.flatMap((entity) => entity.masks.filter((mask) => mask !== null));
  return {
    width: Math.max(1, ...corners.map(([, , right]) => right), ...masks.map(({ size }) => size[1])),
    height: Math.max(1, ...corners.map(([, , , bottom]) => bottom), ...masks.map(({ size }) => size[0])),
  };
}

function marked(side: "gold" | "predicted", { text, type, boxes, masks }: EvaluatedEntity): string {
  const shapes = boxes.map(([left, top, right, bottom]: BoxCorners, index) => {
    const mask = masks[index];
    const shape = mask
      ? `<path class="${side}" d="${pathOf(mask)}"/>`
      : `<rect class="${side}" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"/>`;
    const y = side === "gold" ? top + 18 : bottom - 6;
    return `${shape}<text class="${side}-name" x="${left + 4}" y="${y}">${escaped(`${text} (${type})`)}</text>`;
  });
  return shapes.join("");
}

function pathOf(mask: RleMask): string {
  const rings = polygonsOfRle(mask).polygons.flat();
  return rings.map((ring) => `M${ring.join(" ")}Z`).join("");
}

/** Names and texts come from posts: nothing of them may become markup. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
