/**
 * `npm run bench:memory`: how much memory the Worker needs for the largest accepted post (a JPEG of 25 megapixels and
 * 10 MB) through every stage. Three figures are measured, each beside its value before the post:
 * - `live`: the isolate's memory without garbage, which is V8's heap and the ArrayBuffers outside it (the inspector's
 *   `Runtime.getHeapUsage`: used, embedder's and backing stores). It is read repeatedly while the post runs, each time
 *   after a heap snapshot, before which V8 collects all garbage. This figure must fit the platform's 128 MB
 *   (developers.cloudflare.com/workers/platform/limits, November 2026). The inspector answers only between two turns of
 *   the event loop, and a snapshot takes half a second: more posts give more samples.
 * - `heap`: the same without snapshots, so with garbage. No limit makes V8 collect it locally.
 * - `process`: the resident memory of the workerd process (Linux, `VmHWM`, reset before the post). It misses no peak,
 *   but includes garbage, sockets, allocator slack and the local simulators of KV, R2 and Images.
 * Ends with 1 when the live peak reaches 100 MB.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import sharp from "sharp";
import { LIMITS } from "../schemas/limits.ts";
import { RecognizeAnswer } from "../schemas/recognize.ts";
import { readCommandLine, stackUrl } from "./command-line.ts";

const MB = 1_000_000;
const LIMIT_MB = 100;
const { posts, json } = readCommandLine(
  `usage: npm run bench:memory -- [--posts N] [--json]

Measure the Worker's memory for the largest post, over N posts of each kind (4).`,
  4,
);
const worker = stackUrl("NAMESIGHT_URL");

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
if (json) console.log(JSON.stringify(result));
else for (const [name, value] of Object.entries(result)) console.log(`${name.padEnd(20)} ${Number(value.toFixed(2))}`);
process.exit(result.live_peak_mb < LIMIT_MB ? 0 : 1);

/** The workerd process of the Worker that listens on a port, and the port of its inspector. */
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
    // wrangler runs two workerd processes; its proxy has no inspector.
    const workerd = running.find(
      ({ words, parent }) => parent === wrangler.pid && words.some((word) => word.startsWith("--inspector-addr")),
    );
    const inspectorPort = option(wrangler.words, "--inspector-port");
    if (workerd && inspectorPort) return { pid: workerd.pid, inspectorPort };
  }
  throw new Error(`no \`wrangler dev --inspector-port\` listens on port ${port} of this machine`);
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
  // wrangler's proxy requires an origin on this machine. Node's WebSocket takes headers, unlike the DOM's types.
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
  if (usedSize === 0) throw new Error("the inspector returned no heap size");
  return usedSize + embedderHeapUsedSize + backingStorageSize;
}

/** The heap without garbage: V8 collects it before it takes a snapshot. */
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
  // 5 resets VmHWM to the current resident memory (proc(5)).
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

/** Send a post. Throws when a stage failed, because the figures then mean nothing. */
async function post(bytes: Buffer): Promise<void> {
  const form = new FormData();
  // A new text each time, so that no cache answers.
  form.set("text", `Eileen Collins in her launch suit, take ${crypto.randomUUID()}`);
  form.set("image", new Blob([new Uint8Array(bytes)]), "post.jpg");
  const response = await fetch(`${worker}/v1/recognize`, { method: "POST", body: form });
  const body = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${body}`);
  const answer = RecognizeAnswer.parse(JSON.parse(body));
  const masks = answer.entities.flatMap(({ regions }) => regions.flatMap(({ mask }) => mask ?? []));
  if (answer.partial || masks.length === 0) throw new Error(`a stage failed: ${JSON.stringify(answer.problems)}`);
}

/** The photo at 5,000 × 5,000 pixels, with enough noise to bring its JPEG to the size limit of an upload. */
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
