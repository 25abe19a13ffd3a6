import { ProblemError } from "../../schemas/problem.ts";

/** What one request holds of the isolate's memory. */
export interface Claim {
  /** Throws `overloaded` when there is no room for so many more bytes; claims none of them. */
  expect(bytes: number): void;
  /** Claims more bytes. Throws `overloaded` when there is no room for them. */
  grow(bytes: number): void;
  /** Claims bytes for good, once for each name. Throws `overloaded` when there is no room for them. */
  keep(name: string, bytes: number): void;
  /** Claims bytes for work that was accepted: it is not refused, and later requests find less room. */
  add(bytes: number): void;
  /** Claims no more than so many bytes. */
  shrinkTo(bytes: number): void;
  /** Keeps the claim until the work has settled. */
  until(work: Promise<unknown>): void;
  /** Frees the claim as soon as all of its work has settled. */
  end(): void;
}

/**
 * Bytes that all requests of an isolate may claim. Set by hand with `npm run bench:memory`: an isolate has 128 MB
 * (docs/reference/platform.md, "Limits of Cloudflare Workers"), and the rest is for code and garbage.
 */
const MEMORY_BUDGET = 96_000_000;

/** A claim of at most so many bytes is never refused: text, and most thumbnails. Set by hand. */
const SMALL_CLAIM = 256_000;

/** How long a large claim is first thought to last, in milliseconds. Set by hand: a large post on a laptop. */
const FIRST_GUESS_MS = 5_000;
/** Share of the latest claim's duration in the mean of all. Set by hand. */
const LATEST_SHARE = 0.2;

interface Entry {
  bytes: number;
  readonly started: number;
  readonly expires: number;
}

/**
 * The memory of one isolate, claimed before it is used. A request that finds no room is refused at once: large posts
 * wait for nobody, and an isolate is not killed with everything in it. A request that is alone finds room.
 */
export class MemoryBudget {
  readonly #clock: () => number;
  readonly #total: number;
  readonly #entries = new Set<Entry>();
  /** Bytes that are never freed, by what holds them. */
  readonly #kept = new Map<string, number>();
  #usualMs = FIRST_GUESS_MS;

  constructor(clock: () => number, total: number = MEMORY_BUDGET) {
    this.#clock = clock;
    this.#total = total;
  }

  /** Bytes that requests claim now. An entry whose time is over counts no longer. */
  get claimed(): number {
    const now = this.#clock();
    let bytes = 0;
    for (const entry of this.#entries) {
      if (entry.expires <= now) this.#entries.delete(entry);
      else bytes += entry.bytes;
    }
    return bytes;
  }

  /** Bytes that are claimed for good. */
  get kept(): number {
    return [...this.#kept.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  /**
   * Opens a claim of no bytes.
   *
   * @param longestMs after so many milliseconds the claim is over although nobody ended it: the runtime may drop a
   *   request with all its promises
   */
  open(longestMs: number): Claim {
    const started = this.#clock();
    const entry: Entry = { bytes: 0, started, expires: started + longestMs };
    this.#entries.add(entry);
    let [pending, ended] = [0, false];
    const release = () => {
      if (!ended || pending > 0 || !this.#entries.delete(entry)) return;
      if (entry.bytes > SMALL_CLAIM) this.#usualMs += LATEST_SHARE * (this.#clock() - started - this.#usualMs);
    };
    const expect = (bytes: number) => {
      if (entry.bytes + bytes > SMALL_CLAIM) this.#refuse(entry, bytes);
    };
    return {
      expect,
      grow: (bytes) => {
        expect(bytes);
        entry.bytes += bytes;
      },
      keep: (name, bytes) => {
        if (this.#kept.has(name)) return;
        this.#refuse(entry, bytes);
        this.#kept.set(name, bytes);
      },
      add: (bytes) => {
        entry.bytes += bytes;
      },
      shrinkTo: (bytes) => {
        entry.bytes = Math.min(entry.bytes, bytes);
      },
      until: (work) => {
        pending++;
        const settled = () => {
          pending--;
          release();
        };
        work.then(settled, settled);
      },
      end: () => {
        ended = true;
        release();
      },
    };
  }

  /** Throws when others hold memory and there is no room beside it. */
  #refuse(own: Entry, bytes: number): void {
    const claimed = this.claimed;
    if (claimed + this.kept + bytes <= this.#total || claimed - own.bytes <= SMALL_CLAIM) return;
    // Room is expected when the oldest large claim has lasted as long as others did.
    const oldest = [...this.#entries].find((entry) => entry !== own && entry.bytes > SMALL_CLAIM);
    const now = this.#clock();
    const seconds = Math.max(1, Math.ceil(((oldest?.started ?? now) + this.#usualMs - now) / 1000));
    const detail = `This instance's memory is in use by other large posts: there may be room in about ${seconds} s.`;
    throw new ProblemError("overloaded", detail, {}, { "Retry-After": String(seconds) });
  }
}
