import type { Box, Size } from "../../schemas/primitives.ts";
import { parse } from "../../scripts/batch/parse.ts";
import { endOf, type Failure, failureOf, GivenUp, isAway, lastOf, noJson } from "./failure.ts";
import { replyOf, type SegmentReply } from "./reply.ts";

/** A deployment, and how it is asked. */
export interface ServiceOptions {
  readonly url: URL;
  /** A key of an account; null where the deployment asks for none. */
  readonly key: string | null;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Resolves after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Told in a sentence when the deployment has not answered for some seconds, and when it does again. */
  readonly tell: (sentence: string) => void;
  /** How long one request may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A post's picture as it is sent. */
export interface PictureFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In pixels of the upright picture, in which boxes and masks count. */
  readonly size: Size;
}

/** One request: a picture, and boxes inside it. */
export interface SegmentQuestion {
  readonly picture: PictureFile;
  /** In pixels of the upright picture; at most `LIMITS.boxes`. */
  readonly boxes: readonly { readonly box: Box; readonly type: string | null }[];
  /** The `Idempotency-Key`. It is sent with a key alone: without an account, nobody keeps the answer for a repeat. */
  readonly name: string;
}

const TIMEOUT_MS = 120_000;
/** Waits between tries, in milliseconds; the last of them is repeated. */
const WAITS_MS = [1_000, 2_000, 5_000, 15_000, 30_000];
/** How often a request is tried that gets an error, which may be due to its post. */
const TRIES = 4;
/** How long one request waits for room and for a connection, in milliseconds. */
const AWAY_MS = 10 * 60 * 1000;
/** How long a deployment is away until somebody is told, in milliseconds. */
const QUIET_MS = 3_000;

/** `POST /v1/segment` of a deployment. */
export class SegmentService {
  readonly #options: ServiceOptions;
  /** Whether somebody was told that the deployment does not answer. */
  #isTold = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /**
   * The masks of the boxes of a question.
   *
   * @throws PostFailed when this request has no answer; Refused when no request would have one, such as with a wrong
   *   key; GivenUp when the deployment has no room, or cannot be reached, for ten minutes
   */
  async ask(question: SegmentQuestion): Promise<SegmentReply> {
    const { clock, sleep, url } = this.#options;
    const began = clock();
    for (let tries = 1, failed = 0; ; tries++) {
      const answer = await this.#once(question);
      if ("value" in answer) {
        this.#tellBack();
        return replyOf(answer.value, question.boxes.length, question.picture.size, url.origin);
      }
      const end = endOf(answer);
      if (end) throw end;
      const wait = Math.max(answer.retryAfterMs, WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? 0);
      if (isAway(answer)) this.#tellAway(answer, clock() - began + wait);
      else if (++failed >= TRIES) throw lastOf(answer, TRIES, url.origin);
      await sleep(wait);
    }
  }

  /** Sends the request once. */
  async #once({ picture, boxes, name }: SegmentQuestion): Promise<{ readonly value: unknown } | Failure> {
    const { url, key, fetch, clock, timeoutMs = TIMEOUT_MS } = this.#options;
    const asked = boxes.map(({ box: { xmin, ymin, xmax, ymax }, type }) => {
      return { box: [xmin, ymin, xmax, ymax], ...(type !== null && { type }) };
    });
    const body = new FormData();
    body.set("image", new Blob([picture.bytes]), picture.name);
    body.set("boxes", JSON.stringify(asked));
    body.set("masks", "rle");
    const headers: HeadersInit = key === null ? {} : { authorization: `Bearer ${key}`, "idempotency-key": name };
    // Who redirects is no deployment, or another address of one: the picture goes to the one that was named.
    const signal = AbortSignal.timeout(timeoutMs);
    const init: RequestInit = { method: "POST", headers, body, redirect: "manual", signal };
    const address = `${url.href.replace(/\/$/, "")}/v1/segment`;
    const response = await fetch(address, init).catch((error: Error) => error);
    if (response instanceof Error || !response.ok) return failureOf(response, url.origin, clock());
    const text = await response.text().catch((error: Error) => error);
    if (text instanceof Error) return failureOf(text, url.origin, clock());
    const value = parse(text);
    return value === undefined ? noJson(response.status, text) : { value };
  }

  /** @param waitsMs how long the request will have waited when it is tried the next time */
  #tellAway({ text, retryAfterMs }: Failure, waitsMs: number): void {
    const { url, tell } = this.#options;
    const asks = retryAfterMs > 0 ? `, and asks to wait ${Math.ceil(retryAfterMs / 1000)} s` : "";
    if (waitsMs > AWAY_MS) {
      const most = `A request is tried for ${AWAY_MS / 60_000} minutes.`;
      throw new GivenUp(`${url.origin} ${text}${asks}. ${most}`);
    }
    if (this.#isTold || waitsMs < QUIET_MS) return;
    this.#isTold = true;
    tell(`${url.origin} ${text}${asks}. Trying again.`);
  }

  #tellBack(): void {
    if (this.#isTold) this.#options.tell(`${this.#options.url.origin} answers again.`);
    this.#isTold = false;
  }
}
