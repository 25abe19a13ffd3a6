/** `npm run bench:memory`. `scripts/with-stack.ts` starts a stack and sets NAMESIGHT_URL. */
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { LIMITS } from "../schemas/limits.ts";
import { printResult, readBenchOptions } from "./command-line.ts";
import { benchFunctions } from "./memory/functions.ts";
import { connectInspector } from "./memory/inspector.ts";
import { largestPicture, noisePng } from "./memory/largest-picture.ts";
import { memoryLoads } from "./memory/loads.ts";
import { measureRound, type Round, summariseMemory } from "./memory/round.ts";
import { tinyParts } from "./memory/tiny-parts.ts";
import { findWorkerd, readProcesses, resetPeak, residentBytes } from "./memory/workerd.ts";
import { sendPost } from "./post.ts";

/** The peaks at which the command fails, without garbage and with it: the platform allows 128 MB. */
const [LIVE_LIMIT_MB, HEAP_LIMIT_MB] = [100, 128];

const USAGE = `usage: npm run bench:memory -- [--posts N] [--json]
       npm run bench:memory -- functions [--posts N] [--json]

Measure the Worker's memory while the largest accepted post (a JPEG of 25 megapixels and 10 MB) runs through every
stage; then with files of 10 MB that are all tiny parts, and with many large posts together, of which the Worker refuses
those that it has no room for. Needs Linux. Nothing limits memory locally, so there are three figures, each beside its
value before the post:

  live      What the isolate holds without garbage: V8's heap and its ArrayBuffers (Runtime.getHeapUsage of the
            inspector, after a heap snapshot). It must fit in the platform's 128 MB
            (developers.cloudflare.com/workers/platform/limits). A snapshot takes half a second, so there are few
            samples in a post, and memory that is held only between two of them is missed.
  heap      The same with garbage, because V8 collects late when nothing limits it. Memory of WebAssembly is in neither:
            the renderer of overlays has 45 to 79 MB once it has drawn.
  process   The peak of workerd's resident memory (VmHWM). It misses nothing, but counts garbage, sockets, allocator
            slack and the local simulators of KV, R2 and Images.

  --posts N   posts to measure of each kind (4)
  --json      print the result as JSON

Exits with 1 when a live peak reaches ${LIVE_LIMIT_MB} MB, or one with garbage ${HEAP_LIMIT_MB} MB.`;

if (process.argv[2] === "functions")
  process.exit(await benchFunctions(process.argv.slice(3), process.env.FUNCTIONS_URL));
const options = readBenchOptions(process.argv.slice(2), USAGE, 4);
if (typeof options === "number") process.exit(options);
const { NAMESIGHT_URL: worker } = process.env;
if (!worker) {
  console.error("NAMESIGHT_URL is not set: it names the Worker; npm run bench:memory starts one.");
  process.exit(2);
}

const { pid, inspectorPort } = findWorkerd(new URL(worker).port, readProcesses());
const inspector = await connectInspector(inspectorPort);
const photo = await readFile("examples/photos/astronaut.png");
const picture = await largestPicture(photo);

/** Throws when the answer has no mask: then not every stage ran. */
async function send(bytes: Buffer): Promise<void> {
  const text = `Eileen Collins in her launch suit, take ${crypto.randomUUID()}`;
  const { answer } = await sendPost(worker ?? "", text, bytes, "post.jpg");
  if (!answer.entities.some(({ regions }) => regions.some(({ mask }) => mask)))
    throw new Error(`the answer has no mask: ${JSON.stringify(answer.problems)}`);
}

const measure = (sample: () => Promise<number>, sendPost: () => Promise<unknown>): Promise<Round> =>
  measureRound({
    liveBytes: inspector.liveBytes,
    sample,
    residentBytes: (field) => residentBytes(pid, field),
    resetPeak: () => resetPeak(pid),
    sendPost,
  });

await send(await sharp(photo).resize(320).jpeg().toBuffer());
const [withGarbage, live]: [Round[], Round[]] = [[], []];
for (let round = 1; round <= options.posts; round++) {
  withGarbage.push(await measure(inspector.heapBytes, () => send(picture)));
  live.push(await measure(inspector.liveBytes, () => send(picture)));
}
const peaks: Array<{ live: number; heap: number }> = [];
const { live_peak_mb, heap_peak_mb, ...summary } = summariseMemory(withGarbage, live);
peaks.push({ live: live_peak_mb, heap: heap_peak_mb });
printResult(
  { posts: options.posts, picture_mb: picture.length / 1_000_000, live_peak_mb, heap_peak_mb, ...summary },
  options.json,
);

const small = sharp(photo).resize(320);
const [jpeg, png] = [await small.jpeg().toBuffer(), await small.png().toBuffer()];
const webp = await small.ensureAlpha(0.5).webp().toBuffer();
const inline = await largestPicture(photo, LIMITS.picturePixels, LIMITS.inlineBytes);
const drawn = await noisePng(LIMITS.uploadBytes);
const files = tinyParts({ jpeg, png, webp }, LIMITS.uploadBytes);
for (const load of memoryLoads(worker, { upload: picture, inline, drawn }, files)) {
  const statuses: unknown[] = [];
  const sendLoad = async () => statuses.push(await load.send());
  const heap = await measure(inspector.heapBytes, sendLoad);
  const alive = await measure(inspector.liveBytes, sendLoad);
  const peak = { live: alive.heap.peak / 1_000_000, heap: heap.heap.peak / 1_000_000 };
  peaks.push(peak);
  printResult(
    { load: load.name, statuses: JSON.stringify(statuses), ...peak, baseline: alive.heap.baseline / 1_000_000 },
    options.json,
  );
}
inspector.close();
process.exit(peaks.every(({ live, heap }) => live < LIVE_LIMIT_MB && heap < HEAP_LIMIT_MB) ? 0 : 1);
