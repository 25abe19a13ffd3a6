import { HEARTBEAT_MS } from "../../src/net/event-stream.ts";
import { untilAborted } from "../../src/resilience/until-aborted.ts";

/** A sleep in which nobody waits: what is tried again is tried at once. Only a stream's heartbeat never comes. */
export async function calmSleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds === HEARTBEAT_MS) await untilAborted(new Promise<void>(() => undefined), signal);
}
