import type { Callback } from "../../../src/providers/job.ts";
import type { KeptCall, Resumable } from "../../../src/providers/resumable.ts";
import type { CalmWorld } from "./start.ts";

/** What processes keep of one attempt, as the storage of a job does: as JSON, and at once. */
export class Keeping {
  #text = "null";
  readonly history: KeptCall[] = [];

  get kept(): KeptCall | null {
    return JSON.parse(this.#text) as KeptCall | null;
  }

  set kept(kept: KeptCall | null) {
    this.#text = JSON.stringify(kept);
  }

  /** The attempt as a new process begins it. */
  resumable(): Resumable {
    return {
      key: "job_1/grounding/1",
      kept: this.kept,
      keep: (kept) => {
        this.kept = kept;
        this.history.push(kept);
      },
    };
  }
}

/** A process that dies is never heard of again. */
export const DEAD = Symbol("dead");

/**
 * Runs an attempt in a process that survives so many moments: each request has one before it is sent, and one after
 * its answer has come and before it is read. Resolves with `DEAD` when it died. Nothing that it began goes on.
 */
export async function inProcess<T>(
  world: CalmWorld,
  moments: number,
  attempt: (world: CalmWorld) => Promise<T>,
): Promise<T | typeof DEAD> {
  let left = moments;
  let die = () => {};
  const dead = new Promise<typeof DEAD>((resolve) => {
    die = () => resolve(DEAD);
  });
  const moment = async () => {
    if (left-- > 0) return;
    die();
    await new Promise(() => undefined);
  };
  const fetch: CalmWorld["fetch"] = async (url, init) => {
    await moment();
    const response = await world.fetch(url, init);
    const text = await response.text();
    await moment();
    return new Response(text, response);
  };
  const end = await Promise.race([attempt({ ...world, fetch }), dead]);
  // It dies as well when it has its answer and did not store it.
  return left === 0 ? DEAD : end;
}

/** An address at which the vendor reports the end; any process may open it by its name. */
export function addressOf(told: unknown, name = "0123"): Callback {
  return {
    name,
    url: `https://api.namesight.test/hooks/vendor/${name}`,
    ended: (signal) =>
      told === undefined
        ? new Promise((resolve) => signal.addEventListener("abort", () => resolve(null)))
        : Promise.resolve(told),
  };
}
