/** A CPU profile as V8's inspector gives it (Chrome DevTools Protocol, `Profiler.Profile`). Times in microseconds. */
export interface CpuProfile {
  readonly nodes: ReadonlyArray<{
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }>;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Where the time went, in milliseconds. */
export interface ProfileSummary {
  /** JavaScript, WebAssembly and garbage collection. */
  readonly busy: number;
  /** Of it, garbage collection. */
  readonly garbage: number;
  /** Code of the runtime that no function of ours is charged for; other isolates of the process may be in it. */
  readonly program: number;
  /** The functions that took most, without those that they called. */
  readonly functions: ReadonlyArray<{ readonly name: string; readonly ms: number }>;
}

/** What V8 writes in place of a function's name while none runs. */
const [IDLE, PROGRAM, GARBAGE, ROOT] = ["(idle)", "(program)", "(garbage collector)", "(root)"];

/** Sums a profile by function; `most` of them are listed. */
export function summariseProfile({ nodes, samples = [], timeDeltas = [] }: CpuProfile, most: number): ProfileSummary {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  samples.forEach((id, place) => {
    const name = names.get(id) ?? ROOT;
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[place] ?? 0) / 1_000);
  });
  const without = new Set<string>([IDLE, PROGRAM, ROOT]);
  const busy = [...times].filter(([name]) => !without.has(name));
  return {
    busy: busy.reduce((sum, [, ms]) => sum + ms, 0),
    garbage: times.get(GARBAGE) ?? 0,
    program: times.get(PROGRAM) ?? 0,
    functions: busy
      .map(([name, ms]) => ({ name, ms }))
      .sort((a, b) => b.ms - a.ms)
      .slice(0, most),
  };
}

function nameOf({ functionName, url, lineNumber }: CpuProfile["nodes"][number]["callFrame"]): string {
  if (functionName.startsWith("(")) return functionName;
  const file = url.split("/").at(-1) ?? "";
  return `${functionName || "anonymous"} ${file}:${lineNumber + 1}`;
}
