import { isSent, type Record } from "./record.ts";

/**
 * What becomes of the posts when this process is stopped, and how to go on, in sentences.
 *
 * @param posts how many there are
 */
export function stoppedText(record: Record, posts: number): string {
  if (record.endpoint === null) {
    const done = `${record.done.size} of ${posts} posts have a result in ${record.out}`;
    return `Stopped. The stack ends, and the posts that run end with it. ${done}: the same command sends the others again.`;
  }
  if (!record.batches.some((batch) => !batch.ended && isSent(batch)))
    return "Stopped. Nothing that was sent still runs: the same command goes on.";
  return "Stopped. What was sent goes on: the same command gets the rest, --cancel cancels it.";
}
