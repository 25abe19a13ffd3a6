/** One event of a `text/event-stream`. */
export interface ReadEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * The events of a `text/event-stream` (the HTML standard, "Server-sent events"), in order, as they arrive. Comments and
 * events without data are left out. Lines end with a line feed, as ours do.
 *
 * @example for await (const { event, data } of readEvents(response.body)) if (event === "end") return JSON.parse(data);
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ReadEvent> {
  const decoder = new TextDecoder();
  let waiting = "";
  for await (const part of body) {
    waiting += decoder.decode(part, { stream: true });
    const blocks = waiting.split("\n\n");
    waiting = blocks.pop() ?? "";
    for (const block of blocks) {
      const lines = block.split("\n");
      const field = (name: string) =>
        lines.flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : []));
      const data = field("data");
      if (data.length > 0) yield { event: field("event").at(-1) ?? "message", data: data.join("\n") };
    }
  }
}
