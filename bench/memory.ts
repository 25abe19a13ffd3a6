/**
 * `npm run bench:memory`: what the largest post that is taken (a JPEG of 25 megapixels and 10 MB) costs the Worker's
 * memory on its way through every stage. Nothing limits memory locally, so three figures are measured in one run, each
 * beside its own value before the post:
 *
 * - `live`: what the isolate still holds, V8's heap and the ArrayBuffers outside it, as its inspector tells them
 * (`Runtime.getHeapUsage`: used, embedder's and backing stores). Asked again and again while the post runs, each time
 * behind a heap snapshot, which makes V8 collect all garbage first. This is what must fit into the platform's 128 MB
 * (developers.cloudflare.com/workers/platform/limits): before an isolate is given up, V8 collects what can be
 * collected. The inspector answers between two turns of the event loop, so what lives only inside one turn is missed,
 * and a snapshot takes half a second, so few are taken in a post: more posts, more certainty.
 * - `heap`: the same without the snapshots: with garbage that V8, which no limit presses here, has not collected.
 * - `process`: the resident memory of the workerd process that runs the Worker, its highest mark reset before the post
 * (Linux, `VmHWM`). It misses nothing, but counts garbage, sockets, allocator slack and the simulators of KV, R2 and
 * Images, which run in that process too.
 *
 * `--posts N` (4 of each kind) and `--json`; ends with 1 when the live peak reaches 100 MB.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { LIMITS } from "../schemas/limits.ts";
import { RecognizeAnswer } from "../schemas/recognize.ts";

const MB = 1_000_000;
const LIMIT_MB = 100;
const { values } = parseArgs({
  options: { posts: { type: "string", default: "4" }, json: { type: "boolean", default: false } },
});
const worker = process.env.NAMESIGHT_URL;
const posts = Number(values.posts);
if (!worker || !(posts > 0)) {
  console.error("usage: npm run bench:memory -- [--posts N] [--json]");
  process.exit(2);
}

const { pid, inspectorPort } = findWorker(new URL(worker).port);
const inspector = await connect(inspectorPort);
const photo = await sharp("examples/photos/astronaut.png").removeAlpha().png().toBuffer();
const picture = await largestPicture();
await post(await sharp(photo).resize(320).jpeg().toBuffer());

const plain: Round[] = [];
const collected: Round[] = [];
for (let round = 1; round <= posts; round++) {
  plain.push(await measure(heapBytes));
  collected.push(await measure(liveBytes));
}
inspector.close();

const worst = (rounds: readonly Round[], of: (round: Round) => number) => Math.max(...rounds.map(of));
const result = {
  posts,
  picture_mb: picture.length / MB,
  answer_ms: worst(plain, ({ ms }) => ms),
  live_baseline_mb: worst(collected, ({ heap }) => heap.baseline / MB),
  live_peak_mb: worst(collected, ({ heap }) => heap.peak / MB),
  live_ratio: worst(collected, ({ heap }) => heap.peak / heap.baseline),
  live_samples: collected.reduce((sum, { heap }) => sum + heap.samples, 0),
  heap_peak_mb: worst(plain, ({ heap }) => heap.peak / MB),
  heap_ratio: worst(plain, ({ heap }) => heap.peak / heap.baseline),
  heap_samples: plain.reduce((sum, { heap }) => sum + heap.samples, 0),
  process_baseline_mb: worst(plain, ({ process }) => process.baseline / MB),
  process_growth_mb: worst(plain, ({ process }) => (process.peak - process.baseline) / MB),
  process_ratio: worst(plain, ({ process }) => process.peak / process.baseline),
};
if (values.json) console.log(JSON.stringify(result));
else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(20)} ${Number(value.toFixed(2))}`);
process.exit(result.live_peak_mb < LIMIT_MB ? 0 : 1);

/** The workerd that runs the Worker which listens on a port, and where `wrangler dev` offers its inspector. */
function findWorker(port: string): { pid: string; inspectorPort: string } {
  const running = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return [{ pid, words, parent: /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] }];
      } catch {
        return [];
      }
    });
  const option = (words: readonly string[], name: string) => words[words.indexOf(name) + 1];
  for (const wrangler of running.filter(({ words }) => words.includes("dev") && option(words, "--port") === port)) {
    // Of wrangler's two workerd, the other one is its proxy, which has no inspector.
    const workerd = running.find(
      ({ words, parent }) => parent === wrangler.pid && words.some((word) => word.startsWith("--inspector-addr")),
    );
    const inspectorPort = option(wrangler.words, "--inspector-port");
    if (workerd && inspectorPort) return { pid: workerd.pid, inspectorPort };
  }
  throw new Error("no `wrangler dev --inspector-port` listens there on this machine");
}

interface Round {
  readonly ms: number;
  readonly heap: { readonly baseline: number; readonly peak: number; readonly samples: number };
  readonly process: { readonly baseline: number; readonly peak: number };
}

interface Inspector {
  call(method: string): Promise<Record<string, number>>;
  close(): void;
}

async function connect(port: string): Promise<Inspector> {
  const [target] = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as Array<{
    webSocketDebuggerUrl: string;
  }>;
  // Node's WebSocket takes headers, which the DOM's types do not know; wrangler's proxy asks for an origin on this
  // machine.
  const headers = { headers: { origin: "http://localhost" } } as never;
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? "", headers);
  const waiting = new Map<number, (result: Record<string, number>) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: Record<string, number> };
    if (id !== undefined) waiting.get(id)?.(result ?? {});
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("the inspector cannot be reached")));
  });
  let last = 0;
  return {
    call: (method) =>
      new Promise((resolve) => {
        const id = ++last;
        waiting.set(id, resolve);
        socket.send(JSON.stringify({ id, method }));
      }),
    close: () => socket.close(),
  };
}

async function heapBytes(): Promise<number> {
  const {
    usedSize = 0,
    embedderHeapUsedSize = 0,
    backingStorageSize = 0,
  } = await inspector.call("Runtime.getHeapUsage");
  if (usedSize === 0) throw new Error("the inspector does not tell the heap's size");
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

/** The same once all garbage is collected: V8 does that before it takes a snapshot. */
async function liveBytes(): Promise<number> {
  await inspector.call("HeapProfiler.takeHeapSnapshot");
  return heapBytes();
}

function residentBytes(mark: "VmRSS" | "VmHWM"): number {
  const kilobytes = new RegExp(`^${mark}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}

async function measure(sample: () => Promise<number>): Promise<Round> {
  const baseline = { heap: await liveBytes(), process: residentBytes("VmRSS") };
  // proc(5): 5 sets the highest mark back to what is resident now.
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  const heap = { baseline: baseline.heap, peak: 0, samples: 0 };
  let running = true;
  const sampling = (async () => {
    for (; running; heap.samples++) heap.peak = Math.max(heap.peak, await sample());
  })();
  const started = performance.now();
  await post(picture).finally(() => {
    running = false;
  });
  const ms = performance.now() - started;
  await sampling;
  return { ms, heap, process: { baseline: baseline.process, peak: residentBytes("VmHWM") } };
}

/** Every stage answers, or the figure means nothing. */
async function post(bytes: Buffer): Promise<void> {
  const form = new FormData();
  // A text of its own each time, so that nothing comes from the cache.
  form.set("text", `Eileen Collins in her launch suit, take ${crypto.randomUUID()}`);
  form.set("image", new Blob([new Uint8Array(bytes)]), "post.jpg");
  const response = await fetch(`${worker}/v1/recognize`, { method: "POST", body: form });
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${body}`);
  const answer = RecognizeAnswer.parse(JSON.parse(body));
  const masks = answer.entities.flatMap(({ regions }) => regions.flatMap(({ mask }) => mask ?? []));
  if (answer.partial || masks.length === 0)
    throw new Error(`not every stage did its work: ${JSON.stringify(answer.problems)}`);
}

/** The photo at 5,000 × 5,000 under as much noise as brings its JPEG to the bytes that an upload may have. */
async function largestPicture(): Promise<Buffer> {
  const side = Math.floor(Math.sqrt(LIMITS.picturePixels));
  const raw = { width: side, height: side, channels: 3 } as const;
  const large = await sharp(photo).resize(side, side).raw().toBuffer();
  let best = Buffer.alloc(0);
  for (let [low, high, left] = [1, 60, 10]; left > 0 && best.length < LIMITS.uploadBytes * 0.99; left--) {
    const sigma = (low + high) / 2;
    const noise = await sharp({
      create: { ...raw, background: "#808080", noise: { type: "gaussian", mean: 128, sigma } },
    })
      .raw()
      .toBuffer();
    const noisy = large.map((value, index) => Math.max(0, Math.min(255, value + (noise[index] ?? 128) - 128)));
    const jpeg = await sharp(noisy, { raw }).jpeg({ quality: 75 }).toBuffer();
    if (jpeg.length > LIMITS.uploadBytes) high = sigma;
    else {
      low = sigma;
      best = jpeg;
    }
  }
  if (best.length < LIMITS.uploadBytes * 0.95) throw new Error(`the picture has only ${best.length} bytes`);
  return best;
}
