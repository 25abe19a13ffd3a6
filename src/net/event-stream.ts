import { toUtf8 } from "../../schemas/encodings.ts";

/** One event for an `EventSource`: its name, and its data, which is sent as JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly data: unknown;
  /** Its number; without it, one more than that of the event before it. */
  readonly id?: number;
}

/** The writing end of a stream of server-sent events. */
export interface EventStream {
  /** UTF-8 as the HTML standard's section "Server-sent events" has it. */
  readonly body: ReadableStream<Uint8Array>;
  /** Aborts when the reader has left. */
  readonly left: AbortSignal;
  /** Sends an event. Events have the ids 1, 2, … where they name none. Nothing is sent after the end. */
  readonly send: (event: ServerEvent) => void;
  readonly end: () => void;
}

/** Milliseconds between two comments that keep a silent connection open. Proxies close one after 30 s or more. */
export const HEARTBEAT_MS = 15_000;

/** The headers of a stream of events. No proxy on the way may keep, compress or gather it. */
export const EVENT_STREAM_HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
} as const;

interface StreamOptions {
  /** Resolves after this number of milliseconds; rejects as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Gets everything that is sent. The stream then goes on for it when the reader has left. */
  readonly copy?: ((bytes: Uint8Array<ArrayBuffer>) => void) | undefined;
}

/** Opens a stream of events, with a heartbeat until its end. */
export function openEventStream({ sleep, copy }: StreamOptions): EventStream {
  const left = new AbortController();
  const ended = new AbortController();
  let id = 0;
  let write = (_text: string) => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      write = (text) => {
        const bytes = toUtf8(text);
        copy?.(bytes);
        if (!left.signal.aborted) controller.enqueue(bytes);
      };
      ended.signal.addEventListener("abort", () => {
        if (!left.signal.aborted) controller.close();
      });
    },
    cancel(reason) {
      left.abort(reason);
      if (!copy) ended.abort();
    },
  });
  const beat = async () => {
    for (;;) {
      await sleep(HEARTBEAT_MS, ended.signal);
      write(": still working\n\n");
    }
  };
  // Ends by the rejection of `sleep`.
  beat().catch(() => undefined);
  return {
    body,
    left: left.signal,
    send({ event, data, id: number = id + 1 }) {
      if (ended.signal.aborted) return;
      id = number;
      write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    end: () => ended.abort(),
  };
}
