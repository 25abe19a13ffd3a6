import { randomUUID } from "node:crypto";
import type { AdmissionRequest } from "../schemas/admission.ts";
import { LIMITS } from "../schemas/limits.ts";
import { type Lane, PostTime, type Spent } from "./lane.ts";
import type { Place } from "./queue.ts";

/**
 * Share of a post's deadline that the posts before it and its own work may take. The rest is for what the caller does
 * beside it and for the error of the measured time. Set by measuring: see ARCHITECTURE.md, "Admission".
 */
const SHARE = 0.6;
/** Time of one post in milliseconds until it is measured. Set by hand: about three times what 2 cores take. */
const START_MS: Readonly<Record<Lane, number>> = { picture: 1_000, text: 50 };
/** Share of its deadline after which a canceled post counts as late. */
const LATE_SHARE = 0.9;
/** How long after its start a host takes predictions of posts that it does not know, in milliseconds. */
const RESTART_MS = 60_000;
/** Longest `Retry-After`, in seconds. */
const LONGEST_WAIT_S = 120;
/** Most posts that are active at a time, so that ids cost no memory without bound. */
const MOST_POSTS = 1_000;
/** Most unfinished predictions of one post: each stage has at most a few at a time. */
const MOST_PREDICTIONS = 32;

/** A post that may have predictions. It ends at its deadline at the latest. */
interface Post extends Place {
  readonly id: string;
  lane: Lane;
  readonly started: number;
  readonly deadline: number;
  /** Unfinished predictions. */
  running: number;
  /** What its jobs have taken. */
  readonly spent: Spent;
  /** Whether it had a prediction, and whether one was canceled. Only work that was done tells the time of a post. */
  hasWorked: boolean;
  wasCanceled: boolean;
}

/** One prediction of a post, from its arrival to its end. */
export interface PostWork {
  readonly place: Place;
  /** It begins to run: until now it waited. */
  start(): void;
  /** Wait for something that needs no processor: the time does not count as the post's. */
  without<T>(wait: () => Promise<T>): Promise<T>;
  /** @param isCanceled whether it ended before it was done */
  end(isCanceled: boolean): void;
}

/** Thrown when there is no room. `retryAfter` is the number of seconds until there is. */
export class Refused extends Error {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super(`this host is busy with other posts; there is room in about ${retryAfter} s`);
    this.retryAfter = retryAfter;
  }
}

/**
 * Which posts this host works on. A post is admitted when it and the active posts of its lane can be done in a share of
 * its deadline, by the measured time of a post. What is admitted is never refused later.
 */
export class Admission {
  readonly #clock: () => number;
  readonly #started: number;
  readonly #posts = new Map<string, Post>();
  readonly #times: Readonly<Record<Lane, PostTime>>;
  /** Until when the room that comes free is promised to posts that were refused. */
  readonly #promisedUntil: Record<Lane, number> = { text: 0, picture: 0 };

  /** @param clock milliseconds that never go back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#started = clock();
    this.#times = { text: new PostTime(START_MS.text, clock), picture: new PostTime(START_MS.picture, clock) };
  }

  /** Admit a post. An active one stays as it is. Throws `Refused` when there is no room. */
  admit(id: string, { picture, deadline_ms }: AdmissionRequest): void {
    this.#expire();
    if (this.#posts.has(id)) return;
    const lane = picture ? "picture" : "text";
    const milliseconds = this.#times[lane].value;
    const active = this.#activeIn(lane);
    const room = Math.floor((SHARE * deadline_ms) / milliseconds);
    // A lane without posts takes any: only running it measures it.
    const isFull = (active > 0 && active >= room) || this.#posts.size >= MOST_POSTS;
    if (isFull) throw new Refused(this.#promise(lane, Math.max(1, active + 1 - room) * milliseconds, milliseconds));
    this.#add(id, lane, deadline_ms);
    // One of those who were told to come has come.
    this.#promisedUntil[lane] = active === 0 ? 0 : this.#promisedUntil[lane] - milliseconds;
  }

  /** A post has ended: its caller said so, or it was a single prediction. */
  end(id: string): void {
    const post = this.#posts.get(id);
    if (!post) return;
    this.#posts.delete(id);
    if (post.hasWorked) this.#measure(post);
  }

  /**
   * A post whose work was not done took at least what it has spent, and tells nothing of posts that take less. One that
   * was not done by its deadline says that too many were admitted: it counts as twice the time of a post.
   */
  #measure({ lane, spent, started, deadline, wasCanceled }: Post): void {
    const time = this.#times[lane];
    const isLate = this.#clock() >= started + LATE_SHARE * (deadline - started);
    if (wasCanceled && isLate) time.postEnded(Math.max(spent.ms, 2 * time.value));
    else if (!wasCanceled || spent.ms > time.value) time.postEnded(spent.ms);
  }

  /**
   * A prediction of an admitted post. An unknown post is registered without a check soon after the start of this host,
   * because it may be from before a restart; later it has to find room. Throws `Refused` when there is none, when the
   * table is full, or when the post has too many predictions already.
   */
  work(id: string, picture: boolean): PostWork {
    this.#expire();
    if (!this.#posts.has(id) && this.#clock() > this.#started + RESTART_MS)
      this.admit(id, { picture, deadline_ms: LIMITS.deadlineMs });
    const known = this.#posts.get(id);
    if (known ? known.running >= MOST_PREDICTIONS : this.#posts.size >= MOST_POSTS) throw new Refused(1);
    const post = known ?? this.#add(id, picture ? "picture" : "text", LIMITS.deadlineMs);
    if (picture) post.lane = "picture";
    return this.#begin(post);
  }

  /** A prediction that is a post of its own. Throws `Refused` when there is no room. */
  single(request: AdmissionRequest): PostWork {
    // No caller can choose an id with a space.
    const id = `single ${randomUUID()}`;
    this.admit(id, request);
    const work = this.work(id, request.picture);
    const end = (isCanceled: boolean) => {
      work.end(isCanceled);
      this.end(id);
    };
    return { ...work, end };
  }

  /** For `/health`: how many posts are active, and how long one takes. */
  get state(): Record<Lane, { active: number; post_ms: number }> {
    this.#expire();
    const stateOf = (lane: Lane) => ({ active: this.#activeIn(lane), post_ms: Math.round(this.#times[lane].value) });
    return { text: stateOf("text"), picture: stateOf("picture") };
  }

  #begin(post: Post): PostWork {
    const time = this.#times[post.lane];
    let runs = false;
    const start = () => {
      time.begin(post.spent);
      runs = true;
    };
    const stop = () => {
      if (runs) time.end(post.spent);
      runs = false;
    };
    post.running++;
    post.hasWorked = true;
    return {
      place: post,
      start,
      without: (wait) => {
        stop();
        return wait().finally(start);
      },
      end: (isCanceled) => {
        post.running--;
        if (isCanceled) post.wasCanceled = true;
        stop();
      },
    };
  }

  #add(id: string, lane: Lane, deadlineMs: number): Post {
    const order = this.#clock();
    const post: Post = {
      id,
      lane,
      order,
      started: order,
      deadline: order + deadlineMs,
      running: 0,
      spent: { ms: 0 },
      hasWorked: false,
      wasCanceled: false,
    };
    this.#posts.set(id, post);
    return post;
  }

  /** A post at its deadline. With a prediction that still runs, its work was not done in time. */
  #forget(id: string): void {
    const post = this.#posts.get(id);
    if (post && post.running > 0) post.wasCanceled = true;
    if (post?.wasCanceled) this.end(id);
    else this.#posts.delete(id);
  }

  #activeIn(lane: Lane): number {
    let active = 0;
    for (const post of this.#posts.values()) if (post.lane === lane) active++;
    return active;
  }

  /** Forgets posts at their deadline whose caller did not end them: their work was not done, or the caller died. */
  #expire(): void {
    const now = this.#clock();
    for (const { id, deadline } of this.#posts.values()) if (deadline <= now) this.#forget(id);
  }

  /**
   * The seconds after which a refused post should come again. Each of a burst gets a later time than the one before it,
   * by the time of one post: a queue in the callers' hands, so that all find room when they come.
   */
  #promise(lane: Lane, waitMs: number, postMs: number): number {
    const now = this.#clock();
    const until = Math.max(now + waitMs, this.#promisedUntil[lane] + postMs);
    this.#promisedUntil[lane] = Math.min(until, now + LONGEST_WAIT_S * 1_000);
    return Math.max(1, Math.ceil(Math.round(this.#promisedUntil[lane] - now) / 1_000));
  }
}
