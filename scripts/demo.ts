/**
 * `npm run demo`: send posts to the local stack, print a table for each, write `out/<post>.json` and `out/<post>.png`.
 * With `--text "…" [--image FILE]` the post is the caller's own; with `--json` the answer alone goes to standard
 * output.
 */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { rleOf } from "../schemas/polygon.ts";
import type { RecognizeAnswer } from "../schemas/recognize.ts";
import { rleArea } from "../schemas/rle.ts";

interface Post {
  name: string;
  text: string;
  image: string | null;
}

const { values } = parseArgs({
  options: { text: { type: "string" }, image: { type: "string" }, json: { type: "boolean", default: false } },
});
const posts =
  values.text === undefined ? await examples() : [{ name: "post", text: values.text, image: values.image ?? null }];
if (values.text === undefined && (values.image !== undefined || values.json)) fail("--image and --json go with --text");

await mkdir("out", { recursive: true });
for (const post of posts) await show(post);

async function examples(): Promise<Post[]> {
  const files = (await readdir("examples")).filter((file) => file.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (file) => {
      const { text, image } = JSON.parse(await readFile(join("examples", file), "utf8")) as {
        text: string;
        image: string;
      };
      return { name: basename(file, ".json"), text, image: join("examples", image) };
    }),
  );
}

async function show(post: Post): Promise<void> {
  const picture = post.image === null ? null : await readFile(post.image).catch((error: Error) => fail(error.message));
  const started = performance.now();
  const response = await recognize(post, picture, "application/json");
  const body = await response.text();
  if (!response.ok) fail(`${response.status} ${body}`);
  const answer = JSON.parse(body) as RecognizeAnswer;
  const milliseconds = Math.round(performance.now() - started);
  await writeFile(join("out", `${post.name}.json`), `${JSON.stringify(answer, null, 2)}\n`);
  if (picture) {
    const drawn = await recognize(post, picture, "image/png");
    if (drawn.ok) await writeFile(join("out", `${post.name}.png`), new Uint8Array(await drawn.arrayBuffer()));
    else console.error(`no overlay: ${await drawn.text()}`);
  }
  if (values.json) console.log(JSON.stringify(answer, null, 2));
  else console.log(`${post.name} (${milliseconds} ms): ${post.text}\n${table(answer)}\n`);
}

function recognize(post: Post, picture: Buffer | null, accept: string): Promise<Response> {
  const form = new FormData();
  form.set("text", post.text);
  if (picture) form.set("image", new Blob([new Uint8Array(picture)]), basename(post.image ?? "image"));
  return fetch(`${process.env.NAMESIGHT_URL}/v1/recognize`, { method: "POST", body: form, headers: { accept } });
}

/** One row a region, or one for an entity that has none. */
function table(answer: RecognizeAnswer): string {
  const number = (value: number | null) => (value === null ? "-" : value.toFixed(2));
  const header = ["entity", "type", "visible?", "score", "box", "mask px", "which model said so"];
  const rows = answer.entities.flatMap((entity) => {
    const { visible, visibility } = entity;
    const seen = visible === null ? `null (${visibility.reason})` : visible ? "yes" : "no";
    const start = [entity.text, entity.type, seen, number(visibility.score)];
    if (entity.regions.length === 0) return [[...start, "-", "-", visibility.method ?? "-"]];
    return entity.regions.map((region) => [
      ...start,
      [region.box.xmin, region.box.ymin, region.box.xmax, region.box.ymax].map(Math.round).join(","),
      region.mask ? String(rleArea(rleOf(region.mask))) : (region.mask_reason ?? "-"),
      [visibility.method, region.method, region.mask_method].filter((method) => method !== null).join(" · "),
    ]);
  });
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const problems = answer.problems.map((problem) => `  ! ${problem.stage ?? problem.code}: ${problem.detail}`);
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line), ...problems]
    .map((text) => `  ${text}`)
    .join("\n");
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
