import type { BatchParameters } from "../../../schemas/batches.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import type { Picture } from "../../pipeline/picture/read-picture.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import { sha256 } from "../../storage/digest.ts";
import type { JobPictures } from "../../storage/job-pictures.ts";
import type { BatchLine } from "./calls.ts";
import { inTurns } from "./in-turns.ts";
import { jobIdOf } from "./lines.ts";
import type { BatchBody } from "./read-batch.ts";
import { readLine } from "./read-line.ts";

/** Pictures that are stored at a time. The platform lets six connections wait for response headers. */
const PUTS_AT_ONCE = 5;

/** SHA-256 of what a batch asks, whatever the boundary of its form is. */
export async function digestOf({ lines, files }: BatchBody, parameters: BatchParameters): Promise<string> {
  const sent = [...(files ?? [])].map(async ([name, bytes]) => [name, await sha256(bytes)] as const);
  const digests = (await Promise.all(sent)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sha256(JSON.stringify([parameters, lines, digests]));
}

/** The pictures that one request stores for the jobs of its batch. */
export class BatchPictures {
  readonly #store: Pick<JobPictures<Picture>, "put" | "delete">;
  readonly #account: string;
  readonly #puts = new Map<string, Promise<void>>();

  constructor(store: Pick<JobPictures<Picture>, "put" | "delete">, account: string) {
    this.#store = store;
    this.#account = account;
  }

  put(job: string, picture: Picture): Promise<void> {
    const put = this.#store.put(this.#account, job, picture);
    this.#puts.set(job, put);
    return put;
  }

  /** Resolves when none of them is on its way any more, whether it was stored or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#puts.values());
  }

  /** Deletes them all: also one of which nobody awaited that it was stored. */
  async delete(): Promise<void> {
    await this.settled();
    if (this.#puts.size > 0) await this.#store.delete(this.#account, [...this.#puts.keys()]);
  }
}

/**
 * Reads the lines of a batch, and stores the pictures that came as files for their jobs.
 *
 * @param signal aborts when the request's time is over
 */
export async function acceptLines(
  { lines, files }: BatchBody,
  { id, deadlineMs }: { readonly id: string; readonly deadlineMs?: number | undefined },
  pictures: Pick<BatchPictures, "put">,
  signal: AbortSignal,
): Promise<BatchLine[]> {
  const read: BatchLine[] = [];
  await inTurns([...lines.entries()], files ? PUTS_AT_ONCE : 1, async ([index, text]) => {
    const line = await readLine(text, { line: index + 1, deadlineMs: deadlineMs ?? LIMITS.jobDefaultMs }, files);
    if ("problem" in line) {
      read[index] = line;
      return;
    }
    const { picture, ...valid } = line;
    if (picture) await untilAborted(pictures.put(jobIdOf(id, index + 1), picture), signal);
    read[index] = valid;
  });
  return read;
}
