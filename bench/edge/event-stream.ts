/** An event of a stream, and when it came. */
export interface TimedEvent {
  readonly event: string;
  readonly data: string;
  /** Milliseconds since the start. */
  readonly ms: number;
}

/**
 * The events of a `text/event-stream` (the HTML standard, "Server-sent events"), with the time at which each was whole.
 * Comments and events without data are left out.
 *
 * @param clock milliseconds since the start
 */
export async function readEvents(body: AsyncIterable<Uint8Array>, clock: () => number): Promise<TimedEvent[]> {
  const decoder = new TextDecoder();
  const events: TimedEvent[] = [];
  let open = "";
  for await (const part of body) {
    open += decoder.decode(part, { stream: true });
    const blocks = open.split("\n\n");
    open = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n");
      const field = (name: string) =>
        lines.flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : []));
      const data = field("data");
      if (data.length > 0)
        events.push({ event: field("event").at(-1) ?? "message", data: data.join("\n"), ms: clock() });
    }
  }
  return events;
}
