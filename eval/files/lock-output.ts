import { Locked, takeLock } from "../../scripts/batch/lock.ts";

/**
 * Keeps other processes from an output.
 *
 * @param lock the path of the lock
 * @returns what releases it
 * @throws an error that says what to do while another process works on the output
 */
export function lockOutput(lock: string, out: string): () => void {
  try {
    return takeLock(lock);
  } catch (error) {
    if (!(error instanceof Locked)) throw error;
    throw new Error(`process ${error.pid} works on ${out}: wait until it ends, or end it with \`kill ${error.pid}\``);
  }
}
