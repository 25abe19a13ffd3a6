/** A connection to the inspector of a V8 isolate. */
export interface Inspector {
  /** The heap and the ArrayBuffers outside it in bytes, garbage included. */
  heapBytes(): Promise<number>;
  /** The same after V8 has collected all garbage, as it does before a heap snapshot. Takes about half a second. */
  liveBytes(): Promise<number>;
  close(): void;
}

type HeapUsage = Partial<Record<"usedSize" | "embedderHeapUsedSize" | "backingStorageSize", number>>;

/** Connect to the first isolate that a port of this machine offers. Throws when there is none. */
export async function connectInspector(port: string): Promise<Inspector> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as Array<{
    webSocketDebuggerUrl: string;
  }>;
  // wrangler's proxy requires a local origin. Node's WebSocket takes headers, but the DOM's types do not know them.
  const headers = { headers: { origin: "http://localhost" } } as never;
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? "", headers);
  const waiting = new Map<number, (result: HeapUsage) => void>();
  socket.addEventListener("message", ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: HeapUsage };
    if (id === undefined) return;
    waiting.get(id)?.(result ?? {});
    waiting.delete(id);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error(`no inspector can be reached on port ${port}`)));
  });
  let lastId = 0;
  const call = (method: string): Promise<HeapUsage> =>
    new Promise((resolve) => {
      waiting.set(++lastId, resolve);
      socket.send(JSON.stringify({ id: lastId, method }));
    });
  const heapBytes = async () => {
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await call("Runtime.getHeapUsage");
    if (!usedSize) throw new Error("the inspector did not return the heap's size");
    return usedSize + embedderHeapUsedSize + backingStorageSize;
  };
  return {
    heapBytes,
    liveBytes: async () => {
      await call("HeapProfiler.takeHeapSnapshot");
      return heapBytes();
    },
    close: () => socket.close(),
  };
}
