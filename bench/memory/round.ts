/** What one post cost: milliseconds and bytes. Each peak is beside the value before the post. */
export interface Round {
  readonly ms: number;
  readonly heap: { readonly baseline: number; readonly peak: number; readonly samples: number };
  readonly process: { readonly baseline: number; readonly peak: number };
}

/** What a round reads and does. */
export interface Measured {
  /** Bytes that the isolate holds without garbage: the baseline of every round. */
  liveBytes(): Promise<number>;
  /** Read again and again while the post runs. */
  sample(): Promise<number>;
  residentBytes(field: "VmRSS" | "VmHWM"): number;
  resetPeak(): void;
  sendPost(): Promise<unknown>;
}

/** Measure one post. Throws what sending it throws. */
export async function measureRound(measured: Measured): Promise<Round> {
  const baseline = { heap: await measured.liveBytes(), process: measured.residentBytes("VmRSS") };
  measured.resetPeak();
  const heap = { baseline: baseline.heap, peak: 0, samples: 0 };
  let running = true;
  const sampling = (async () => {
    for (; running; heap.samples++) heap.peak = Math.max(heap.peak, await measured.sample());
  })();
  const started = performance.now();
  const ended = measured.sendPost().finally(() => {
    running = false;
  });
  const [ms] = await Promise.all([ended.then(() => performance.now() - started), sampling]);
  return { ms, heap, process: { baseline: baseline.process, peak: measured.residentBytes("VmHWM") } };
}

const MEGABYTE = 1_000_000;

/** The worst figure of all rounds: `live` from the rounds without garbage, the rest from the others. */
export function summariseMemory(withGarbage: readonly Round[], live: readonly Round[]) {
  const worst = (rounds: readonly Round[], figure: (round: Round) => number) => Math.max(...rounds.map(figure));
  const samples = (rounds: readonly Round[]) => rounds.reduce((sum, { heap }) => sum + heap.samples, 0);
  return {
    answer_ms: worst(withGarbage, ({ ms }) => ms),
    live_baseline_mb: worst(live, ({ heap }) => heap.baseline / MEGABYTE),
    live_peak_mb: worst(live, ({ heap }) => heap.peak / MEGABYTE),
    live_ratio: worst(live, ({ heap }) => heap.peak / heap.baseline),
    live_samples: samples(live),
    heap_peak_mb: worst(withGarbage, ({ heap }) => heap.peak / MEGABYTE),
    heap_ratio: worst(withGarbage, ({ heap }) => heap.peak / heap.baseline),
    heap_samples: samples(withGarbage),
    process_baseline_mb: worst(withGarbage, ({ process }) => process.baseline / MEGABYTE),
    process_growth_mb: worst(withGarbage, ({ process }) => (process.peak - process.baseline) / MEGABYTE),
    process_ratio: worst(withGarbage, ({ process }) => process.peak / process.baseline),
  };
}
