import type { CpuProfile } from "../cpu/profile.ts";

/** A connection to the inspector of a V8 isolate. */
export interface Inspector {
  /** The heap and the ArrayBuffers outside it in bytes, garbage included. */
  heapBytes(): Promise<number>;
  /** The same after V8 has collected all garbage, as it does before a heap snapshot. Takes about half a second. */
  liveBytes(): Promise<number>;
  /** V8's profile of what the isolate runs while the work is done. */
  profile(work: () => Promise<unknown>): Promise<CpuProfile>;
  close(): void;
}

type HeapUsage = Partial<Record<"usedSize" | "embedderHeapUsedSize" | "backingStorageSize", number>>;
/** Microseconds between two samples of a profile. */
const SAMPLED_EVERY = 250;

/**
 * Connects to an isolate at the V8 inspector on a port of this machine. Throws when no isolate is there.
 *
 * @param name a part of the isolate's title or address; the first isolate without it
 */
export async function connectInspector(port: string, name = ""): Promise<Inspector> {
  const offered = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as Array<{
    title?: string;
    webSocketDebuggerUrl: string;
  }>;
  const targets = offered.filter((target) => `${target.title} ${target.webSocketDebuggerUrl}`.includes(name));
  // wrangler's proxy requires a local origin. Node's WebSocket takes headers, but the DOM's types do not know them.
  const headers = { headers: { origin: "http://localhost" } } as never;
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? "", headers);
  const waiting = new Map<number, (result: object) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: object };
    if (id === undefined) return;
    waiting.get(id)?.(result ?? {});
    waiting.delete(id);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error(`no inspector can be reached on port ${port}`)));
  });
  let lastId = 0;
  const call = (method: string, params: object = {}): Promise<object> =>
    new Promise((resolve) => {
      waiting.set(++lastId, resolve);
      socket.send(JSON.stringify({ id: lastId, method, params }));
    });
  const heapBytes = async () => {
    const {
      usedSize,
      embedderHeapUsedSize = 0,
      backingStorageSize = 0,
    } = (await call("Runtime.getHeapUsage")) as HeapUsage;
    if (!usedSize) throw new Error("the inspector did not return the heap's size");
    return usedSize + embedderHeapUsedSize + backingStorageSize;
  };
  return {
    heapBytes,
    liveBytes: async () => {
      await call("HeapProfiler.takeHeapSnapshot");
      return heapBytes();
    },
    async profile(work) {
      await call("Profiler.enable");
      await call("Profiler.setSamplingInterval", { interval: SAMPLED_EVERY });
      await call("Profiler.start");
      await work();
      const { profile } = (await call("Profiler.stop")) as { profile?: CpuProfile };
      if (!profile) throw new Error("the inspector returned no profile");
      return profile;
    },
    close: () => socket.close(),
  };
}
