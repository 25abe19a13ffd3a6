import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import type { Figure } from "../figures.ts";
import { median } from "../statistics.ts";

const TYPES = ["PER", "LOC", "ORG", "OTHER"];
const TOKENS = Array.from({ length: 16 }, (_, index) => `word${index}`);

/**
 * `npm run eval -- score` on as many posts as Twitter-GMNER has, with every protocol, intervals and the error budget:
 * from the start of the process to its end.
 */
export function benchEval(count = 10_000, runs = 5): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), "namesight-bench-eval-"));
  try {
    const [gold, predictions] = [join(folder, "gold.jsonl"), join(folder, "predictions.jsonl")];
    const posts = Array.from({ length: count }, (_, index) => goldPost(index));
    writeFileSync(gold, linesOf(posts));
    writeFileSync(predictions, linesOf(posts.map(predictedPost)));
    const seconds = Array.from({ length: runs }, () => timeOf(gold, predictions));
    const detail = `median of ${runs} runs, ${seconds.map((one) => one.toFixed(2)).join(", ")} s`;
    const name = `score ${count.toLocaleString("en-US")} posts`;
    return [{ bench: "eval", name, value: median(seconds), unit: "s", goal: { most: 2 }, detail }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Two entities a post, as in Twitter-GMNER; two in five have a box, and one of those in ten has two. */
function goldPost(index: number): EvaluatedPost {
  const entities = [0, 1].map((place) => {
    const number = 2 * index + place;
    const start = 8 * place + (index % 4);
    const boxes = [0, 1].filter((box) => number % 5 < 2 && (box === 0 || number % 50 === 0));
    return {
      text: TOKENS.slice(start, start + 2).join(" "),
      type: TYPES[number % 4] ?? "PER",
      start,
      end: start + 2,
      boxes: boxes.map((box): [number, number, number, number] => [200 * box, 10, 200 * box + 150, 300 + (index % 50)]),
      masks: [],
    };
  });
  return { id: `${index}`, offset_unit: "token", tokens: TOKENS, entities };
}

/** About a third of the entities wrong, in every way. */
function predictedPost({ tokens: _, ...post }: EvaluatedPost, index: number): EvaluatedPost {
  const entities = post.entities.flatMap((entity, place) => {
    const fault = (7 * index + 3 * place) % 20;
    if (fault === 0) return [];
    if (fault === 1) return [{ ...entity, type: "OTHER" }];
    if (fault === 2) return [{ ...entity, end: (entity.end ?? 0) + 1 }];
    if (fault === 3) return [{ ...entity, boxes: [] }];
    if (fault < 6) return [{ ...entity, boxes: [[0, 0, 60, 60] as [number, number, number, number]] }];
    return [entity];
  });
  return { ...post, entities };
}

function linesOf(posts: readonly EvaluatedPost[]): string {
  return posts.map((post) => `${JSON.stringify(post)}\n`).join("");
}

function timeOf(gold: string, predictions: string): number {
  const files = ["--gold", gold, "--predictions", predictions, "--json"];
  const started = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "eval/index.ts", "score", ...files],
    { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] },
  );
  if (status !== 0) throw new Error(`eval score ended with ${status}: ${stderr}`);
  return (performance.now() - started) / 1_000;
}
