import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import { digestOf, inputOf } from "../../scripts/batch/record.ts";
import { runBatch } from "../../scripts/batch/run-batch.ts";
import { lockOutput } from "../files/lock-output.ts";
import { writeWhole } from "../files/write-whole.ts";
import { differingInput } from "../predict/differing-input.ts";
import { manifestOf, type RunFacts, type RunManifest } from "../predict/manifest.ts";
import { readPostResults } from "../predict/post-results.ts";
import { requestLines } from "../predict/request-lines.ts";
import { readEvaluated } from "../readers/kinds/index.ts";
import { picturesOf } from "../readers/picture-check.ts";
import { splitFileOf } from "../readers/split-files.ts";
import { runTable } from "../report/run-table.ts";
import { readCommandLine } from "./command-line.ts";
import { RUN_FLAGS, RUN_VALUES, type RunOptions, runOptions } from "./run-options.ts";

export const RUN_USAGE = `usage: npm run eval -- run --dataset PATH [--split NAME] --images DIR|--text-only --out FILE.jsonl
                              [--task mner|gmner|smner] [--labels gmner|fine] [--endpoint URL] [--json] …

Ask this system about the posts of a data set, and write its predictions as eval -- score reads them (docs/evaluation.md).
Posts are asked about through npm run batch, with a stack on this machine where there is no --endpoint. The same command
goes on where it was stopped, and nothing is asked or paid twice.
FILE.jsonl has the predictions; FILE.jsonl.run.json what was run, and the models that answered; FILE.jsonl.posts what was
asked; FILE.jsonl.answers the answers as they came.

--dataset PATH     a file of any format, or a folder as eval -- stats takes it, of which --split NAME chooses a file
--format NAME      the format of the data set, where the content does not tell it
--images DIR       the pictures, ID.jpg, ID.jpeg or ID.png; a post without one is asked about its text alone
--text-only        send no pictures
--task NAME        how far to go (gmner; with --text-only mner)
--labels NAME      the types: the 4 of Twitter-GMNER (gmner), or the 51 of Twitter-FMNERG (fine)
--given-entities   send gold's mentions, so that entailment and grounding alone are scored
--allow-fallback   let the next model of a chain answer where one fails; without it, what it should find is missing
--limit N          the first N posts
--endpoint URL, --key KEY, --max-concurrent N, --max-cost USD, --retry, --cancel
                   as of npm run batch; NAMESIGHT_KEY of the environment is a key, too

Exits with 0 when every post has an answer, with 1 when some have none, with 2 when it was called wrongly.`;

/** The exit status of `npm run batch` when it could not work with its files or options. */
const REFUSED = 2;

/** @returns the exit code: 1 when some posts have no answer or a file cannot be read, 2 when it was called wrongly */
export async function runDataset(argv: string[]): Promise<number> {
  const commandLine = readCommandLine(argv, RUN_USAGE, 0, RUN_VALUES, { flags: RUN_FLAGS });
  if (typeof commandLine === "number") return commandLine;
  const options = runOptions(commandLine);
  if (typeof options === "string") {
    console.error(`${options}\n\n${RUN_USAGE}`);
    return 2;
  }
  const { out } = options;
  let release = () => {};
  try {
    release = lockOutput(`${out}.run.lock`, out);
    const { posts, text, facts } = await prepare(options);
    if (existsSync(out) && !existsSync(manifestPath(out)))
      throw new Error(`${out} exists, and ${manifestPath(out)} does not: it is of something else. Name another --out`);
    const [input, answers] = [`${out}.posts`, `${out}.answers`];
    const before = inputOf(answers);
    if (before !== null && before !== digestOf(text)) {
      console.error(await otherInput(out, text));
      return 2;
    }
    writeWhole(input, text);
    const images = options.images === null ? [] : ["--images", options.images];
    const status = await runBatch([input, "--out", answers, ...images, ...options.passed], options.key);
    if (status === REFUSED || !existsSync(answers)) return status;
    const manifest = await convert(out, posts, facts);
    console.log(commandLine.json ? JSON.stringify(manifest, null, 2) : runTable(manifest));
    return status;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  } finally {
    release();
  }
}

/** Reads the data set, and makes the requests. */
async function prepare(options: RunOptions) {
  const { images, asking, limit, endpoint } = options;
  const file = splitFileOf(options.dataset, options.split);
  const { kind, posts: all } = await readEvaluated({ role: "gold", file }, options.format);
  const posts = all.slice(0, limit ?? all.length);
  if (posts.length === 0) throw new Error(`${file} has no posts`);
  const pictures = images === null ? null : await picturesOf(images);
  const { text, withoutPicture } = requestLines(posts, pictures, asking);
  if (images !== null && withoutPicture.length === posts.length)
    throw new Error(`${images} has the picture of none of the posts, such as ${posts[0]?.id}.jpg`);
  const sha256 = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  const { task, labels, givesEntities: given_entities, allowsFallback: allow_fallback } = asking;
  const facts: RunFacts = {
    dataset: { file, sha256, format: kind },
    options: { images, task, labels, given_entities, allow_fallback, limit, endpoint },
    posts: posts.length,
    withoutPicture,
  };
  return { posts, text, facts };
}

/** Why these requests cannot go on where others were. */
async function otherInput(out: string, text: string): Promise<string> {
  const asked = `${out}.posts`;
  const how = existsSync(asked) ? `: ${differingInput(await readFile(asked, "utf8"), text)}` : "";
  return (
    `${out}.answers has the answers to other questions${how}. Go on with the data and the options that it had, or name ` +
    "another --out: all posts are then asked about anew, and paid again."
  );
}

/** Writes the predictions of the results that there are, and what was run. */
async function convert(out: string, posts: readonly EvaluatedPost[], facts: RunFacts): Promise<RunManifest> {
  const answers = `${out}.answers`;
  const text = await readFile(answers, "utf8");
  try {
    const results = readPostResults(text, posts);
    const manifest = manifestOf(facts, results);
    // Predictions without it are taken for a file of somebody else.
    writeWhole(manifestPath(out), `${JSON.stringify(manifest, null, 2)}\n`);
    writeWhole(out, results.map(({ prediction }) => `${JSON.stringify(prediction)}\n`).join(""));
    return manifest;
  } catch (error) {
    throw new Error(`${answers}: ${(error as Error).message}`);
  }
}

function manifestPath(out: string): string {
  return `${out}.run.json`;
}
