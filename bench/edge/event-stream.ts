import { type ReadEvent, readEvents } from "../../schemas/event-reader.ts";

/** An event of a stream, and when it came. */
export interface TimedEvent extends ReadEvent {
  /** Milliseconds since the start. */
  readonly ms: number;
}

/**
 * The events of a stream, with the time at which each was whole.
 *
 * @param clock milliseconds since the start
 */
export async function timedEvents(body: AsyncIterable<Uint8Array>, clock: () => number): Promise<TimedEvent[]> {
  const events: TimedEvent[] = [];
  for await (const event of readEvents(body)) events.push({ ...event, ms: clock() });
  return events;
}
