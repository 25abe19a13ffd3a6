import { toUsd } from "../../schemas/money.ts";

/** How far all posts are. */
export interface Standing {
  readonly done: number;
  readonly failed: number;
  readonly posts: number;
  /** Nano-dollars. */
  readonly cost: number;
}

const WIDTH = 24;

/** A line that says how far all posts are, and when they will be done at the speed so far. */
export class Bar {
  readonly #clock: () => number;
  readonly #began: number;
  readonly #before: number;
  #tenth: number;

  /** @param done posts that had results before this process */
  constructor(clock: () => number, { done, posts }: Standing) {
    this.#clock = clock;
    this.#began = clock();
    this.#before = done;
    this.#tenth = tenthOf(done, posts);
  }

  /** For example `[######------------------] 250/1000, 3 failed, USD 1.302, about 2 min left`. */
  text({ done, failed, posts, cost }: Standing): string {
    const filled = posts === 0 ? WIDTH : Math.floor((WIDTH * done) / posts);
    const bar = `[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}]`;
    const parts = [`${bar} ${done}/${posts}`, `${failed} failed`, `USD ${toUsd(cost)}`];
    const left = this.#left(done, posts);
    return [...parts, ...(left === null ? [] : [`about ${left} left`])].join(", ");
  }

  /** Whether another tenth of the posts is done: output that is no terminal gets a line then. */
  isTenth({ done, posts }: Standing): boolean {
    const tenth = tenthOf(done, posts);
    if (tenth === this.#tenth) return false;
    this.#tenth = tenth;
    return true;
  }

  #left(done: number, posts: number): string | null {
    const [since, fresh] = [this.#clock() - this.#began, done - this.#before];
    if (fresh < 1 || done >= posts) return null;
    const seconds = Math.ceil(((since / fresh) * (posts - done)) / 1000);
    if (seconds < 100) return `${seconds} s`;
    return seconds < 6_000 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
  }
}

function tenthOf(done: number, posts: number): number {
  return posts === 0 ? 10 : Math.floor((10 * done) / posts);
}
