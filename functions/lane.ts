/** Posts with a picture are counted apart from those without: text alone takes a small part of the time. */
export type Lane = "text" | "picture";

/** Posts over which the time of one is averaged. */
const WINDOW = 20;
/**
 * How many posts the start value counts for, until as many others have ended that the window forgets it. Set by hand.
 */
const START_WEIGHT = 4;
/**
 * Least time of a post, as a share of the start value: many posts of a word, or of a picture of a few pixels, do not
 * open the door to as many large ones. Set by hand.
 */
const LEAST_SHARE = 0.25;

/** What a post has taken of its lane so far. */
export interface Spent {
  ms: number;
}

/**
 * How long one post of a lane takes, as posts run beside each other. The time in which jobs of the lane run is divided
 * among the posts of those jobs, so that all posts together take as long as the lane runs (the utilisation law: Denning
 * and Buzen, "The Operational Analysis of Queueing Network Models", 1978). It includes what other lanes and other
 * programs take of the processor.
 */
export class PostTime {
  readonly #clock: () => number;
  readonly #posts: number[];
  readonly #leastMs: number;
  /** The post of each job that runs. */
  readonly #running: Spent[] = [];
  #since = 0;

  /**
   * @param startMs the value until posts have ended
   * @param clock milliseconds that never go back
   */
  constructor(startMs: number, clock: () => number) {
    this.#clock = clock;
    this.#leastMs = LEAST_SHARE * startMs;
    this.#posts = Array<number>(START_WEIGHT).fill(startMs);
  }

  /** A job of this post begins to run. */
  begin(post: Spent): void {
    this.#settle();
    this.#running.push(post);
  }

  /** A job of this post ends. */
  end(post: Spent): void {
    this.#settle();
    this.#running.splice(this.#running.indexOf(post), 1);
  }

  /** A post has ended that took so many milliseconds. */
  postEnded(ms: number): void {
    this.#posts.push(ms);
    if (this.#posts.length > WINDOW) this.#posts.shift();
  }

  /** Milliseconds of one post. */
  get value(): number {
    return Math.max(this.#leastMs, this.#posts.reduce((sum, ms) => sum + ms, 0) / this.#posts.length);
  }

  #settle(): void {
    const now = this.#clock();
    for (const post of this.#running) post.ms += (now - this.#since) / this.#running.length;
    this.#since = now;
  }
}
