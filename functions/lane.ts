/** Posts with a picture are counted apart from those without: text alone takes a small part of the time. */
export type Lane = "text" | "picture";

/** Posts over which the time of one is averaged. */
const WINDOW = 20;
/**
 * How many posts the start value counts for, until as many others have ended that the window forgets it. Set by hand.
 */
const START_WEIGHT = 4;
/**
 * Least time of a post in milliseconds, so that posts without any work here do not open the door to any number.
 */
const LEAST_MS = 20;

/**
 * How long one post of a lane takes, as posts run beside each other: the time in which at least one job of the lane was
 * unfinished, divided by the posts that ended in it (the utilisation law: Denning and Buzen, "The Operational Analysis
 * of Queueing Network Models", 1978). It includes what other lanes and other programs take of the processor.
 */
export class PostTime {
  readonly #clock: () => number;
  readonly #posts: number[];
  #jobs = 0;
  #busySince = 0;
  #busyMs = 0;

  /**
   * @param startMs the value until posts have ended
   * @param clock milliseconds that never go back
   */
  constructor(startMs: number, clock: () => number) {
    this.#clock = clock;
    this.#posts = Array<number>(START_WEIGHT).fill(startMs);
  }

  /** A job of the lane began to wait or to run. */
  begin(): void {
    if (this.#jobs++ === 0) this.#busySince = this.#clock();
  }

  /** A job ended. */
  end(): void {
    this.#settle();
    this.#jobs--;
  }

  /** A post ended: what the lane worked since the last one did counts as its time. */
  postEnded(): void {
    this.#settle();
    this.#posts.push(this.#busyMs);
    this.#busyMs = 0;
    if (this.#posts.length > WINDOW) this.#posts.shift();
  }

  /** Milliseconds of one post. */
  get value(): number {
    return Math.max(LEAST_MS, this.#posts.reduce((sum, ms) => sum + ms, 0) / this.#posts.length);
  }

  #settle(): void {
    const now = this.#clock();
    if (this.#jobs > 0) this.#busyMs += now - this.#busySince;
    this.#busySince = now;
  }
}
