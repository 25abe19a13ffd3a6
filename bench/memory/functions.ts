import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { Prediction } from "../../schemas/cog.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { printResult, readBenchOptions } from "../command-line.ts";

/** How much the memory of the second half may exceed that of the first, as a ratio, before the command fails. */
const GROWTH_LIMIT = 1.15;

const USAGE = `usage: npm run bench:memory -- functions [--posts N] [--json]

Measure the resident memory of the functions while N different pictures of every size (32, 640, 2,048 and 5,000 pixels a
side; JPEG, PNG and WebP) run through every stage that sees a picture, one after another.

  start_mb        before the first picture, with all weights loaded
  first_half_mb   highest value after a picture in the first half, and in the second half
  second_half_mb
  end_mb          after the last picture

  --posts N   pictures (1000)
  --json      print the result as JSON

Exits with 1 when the second half exceeds the first by more than ${Math.round((GROWTH_LIMIT - 1) * 100)} %.`;

const SIDES = [32, 640, 2_048, Math.floor(Math.sqrt(LIMITS.picturePixels))];
const FORMATS = ["jpeg", "png", "webp"] as const;
const PHOTOS = ["astronaut.png", "chelsea.png", "coffee.png", "poster.jpg", "rocket.jpg"];

/** Pictures of every size and format, each with bytes of its own, so that none is answered from the cache. */
export function pictureMaker(photos: readonly Buffer[], sides: readonly number[] = SIDES) {
  const made = new Map<string, Buffer>();
  return async (index: number): Promise<{ bytes: Buffer; side: number }> => {
    const side = sides[index % sides.length] ?? 1;
    const format = FORMATS[index % FORMATS.length] ?? "jpeg";
    const photo = index % photos.length;
    const key = `${side} ${format} ${photo}`;
    const bytes = made.get(key) ?? (await encode(photos[photo], side, format));
    made.set(key, bytes);
    // Decoders ignore what follows the picture.
    return { bytes: Buffer.concat([bytes, Buffer.from(`picture ${index}`)]), side };
  };
}

function encode(photo: Buffer | undefined, side: number, format: (typeof FORMATS)[number]): Promise<Buffer> {
  // A PNG of 25 megapixels fits an upload only with few colours.
  const options = format === "png" ? { palette: true, colours: 16 } : { quality: 60 };
  return sharp(photo).removeAlpha().resize(side, side, { fit: "fill" })[format](options).toBuffer();
}

/** Sends one picture to every stage that sees pictures. Throws when one of them fails. */
async function askAll(functions: string, { bytes, side }: { bytes: Buffer; side: number }, index: number) {
  const image = `data:image/any;base64,${bytes.toString("base64")}`;
  const entities = ["Eileen Collins", "NASA"].map((text, entity) => ({ id: `e${entity}`, text: `${text} ${index}` }));
  const boxes = ["PER", "OTHER"].map((type, box) => ({
    id: `r${box}`,
    type,
    box: { xmin: 0.1 * side * box, ymin: 0, xmax: side * (0.6 + 0.1 * box), ymax: side * 0.9 },
  }));
  const ask = async (stage: string, input: object) => {
    const response = await fetch(new URL(`/${stage}/predictions`, functions), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ input: { image, ...input } }),
    });
    const { status, error } = Prediction.parse(await response.json());
    if (status !== "succeeded") throw new Error(`${stage} answered ${response.status}: ${error}`);
  };
  await ask("picture", {});
  await Promise.all([ask("entailment", { entities }), ask("grounding", { entities }), ask("segmentation", { boxes })]);
}

/** Summary of the resident memory after each picture, in MB. */
export function summariseResident(start: number, after: readonly number[]) {
  const half = Math.ceil(after.length / 2);
  const [first, second] = [Math.max(...after.slice(0, half)), Math.max(...after.slice(half))];
  return { start_mb: start, first_half_mb: first, second_half_mb: second, end_mb: after.at(-1) ?? start };
}

/** `npm run bench:memory -- functions`. Returns the exit code. */
export async function benchFunctions(argv: string[], functions: string | undefined): Promise<number> {
  const options = readBenchOptions(argv, USAGE, 1_000);
  if (typeof options === "number") return options;
  if (!functions) {
    console.error("FUNCTIONS_URL is not set: it names the functions; npm run bench:memory starts them.");
    return 2;
  }
  const residentMb = async () => {
    const health = (await (await fetch(new URL("/health", functions))).json()) as { rss_mb: number };
    return health.rss_mb;
  };
  const picture = pictureMaker(await Promise.all(PHOTOS.map((photo) => readFile(`examples/photos/${photo}`))));
  const start = await residentMb();
  const after: number[] = [];
  const started = performance.now();
  for (let index = 0; index < options.posts; index++) {
    await askAll(functions, await picture(index), index);
    after.push(await residentMb());
    if (!options.json && (index + 1) % 100 === 0) console.log(`${index + 1} pictures: ${after.at(-1)} MB`);
  }
  const summary = summariseResident(start, after);
  const picture_ms = (performance.now() - started) / options.posts;
  printResult({ pictures: options.posts, picture_ms, ...summary }, options.json);
  return summary.second_half_mb <= GROWTH_LIMIT * summary.first_half_mb ? 0 : 1;
}
