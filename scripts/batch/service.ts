import { BatchAnswer, type BatchResult } from "../../schemas/batches.ts";
import { UsdAmount } from "../../schemas/money.ts";
import { faultOf, notNamesight, Refused } from "./fault.ts";
import { parse } from "./parse.ts";

/** The operations on batches of one deployment. */
export interface ServiceOptions {
  readonly url: URL;
  /** A key of an account; null where the deployment asks for none. */
  readonly key: string | null;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Told in a sentence when the deployment has not answered for some seconds, and when it does again. */
  readonly tell: (sentence: string) => void;
  /** Resolves after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The deployment could not be asked for as long as it is tried. The message is for people. */
export class Unreachable extends Error {}

/** What a request has beside its method and its path. */
interface Asking {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: () => BodyInit;
  /** As that of `create`. */
  readonly count?: (change: 1 | -1) => void;
}

/** The status of a batch that was accepted. */
const ACCEPTED = 202;
/** Waits between tries of a request that failed, in milliseconds; the last of them is repeated. */
const WAITS_MS = [1_000, 2_000, 5_000, 15_000, 30_000];
/** How long one request is tried, in milliseconds. */
const TRY_MS = 60 * 60 * 1000;
const GIVEN_UP = "Given up after an hour. What was sent is not lost: the same command goes on where this one was.";
/** How long a request fails until somebody is told, in milliseconds. */
const QUIET_MS = 3_000;

export class Service {
  readonly #options: ServiceOptions;
  /** Whether somebody was told that the deployment does not answer. */
  #isTold = false;

  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /**
   * Sends a batch. The same `Idempotency-Key` gets the same batch.
   *
   * @param count told 1 before each request, and -1 when it has surely begun nothing
   */
  async create(
    body: () => BodyInit,
    type: string | null,
    key: string,
    maxConcurrent: string | null,
    count: (change: 1 | -1) => void,
  ): Promise<BatchAnswer> {
    const query = maxConcurrent === null ? "" : `?max_concurrent=${encodeURIComponent(maxConcurrent)}`;
    const headers = { "idempotency-key": key, ...(type === null ? {} : { "content-type": type }) };
    const response = await this.#ask("POST", query, { headers, body, count });
    // Where a batch was accepted, by whatever version, it may run.
    if (response.status !== ACCEPTED) count(-1);
    return this.#read(response);
  }

  async get(id: string): Promise<BatchAnswer> {
    return this.#read(await this.#ask("GET", `/${id}`));
  }

  async cancel(id: string): Promise<BatchAnswer> {
    return this.#read(await this.#ask("DELETE", `/${id}`));
  }

  /** The results after a number, those that there are and those that come within 20 s. May break off at any point. */
  async *results(id: string, after: number): AsyncGenerator<BatchResult> {
    const response = await this.#ask("GET", `/${id}/results?after=${after}&wait=20`);
    let rest = "";
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") yield this.#readResult(line, response.status);
    }
  }

  #readResult(text: string, status: number): BatchResult {
    const { origin } = this.#options.url;
    const result = parse(text) as BatchResult | null | undefined;
    if (typeof result !== "object" || result === null) throw notNamesight(status, origin);
    if (UsdAmount.safeParse(result.cost_usd).success) return result;
    throw new Refused(status, `${origin} runs another version of Namesight: results have no cost_usd.`);
  }

  async #read(response: Response): Promise<BatchAnswer> {
    const answer = BatchAnswer.safeParse(await response.json().catch(() => undefined));
    if (answer.success) return answer.data;
    throw notNamesight(response.status, this.#options.url.origin);
  }

  async #ask(method: string, path: string, { headers: more = {}, body, count }: Asking = {}): Promise<Response> {
    const { url, key, fetch, sleep, clock, tell } = this.#options;
    const headers = { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...more };
    const address = `${url.href.replace(/\/$/, "")}/v1/batches${path}`;
    const began = clock();
    for (let tries = 1; ; tries++) {
      const init: RequestInit = { method, headers, redirect: "manual", ...(body ? { body: body() } : {}) };
      count?.(1);
      const response = await fetch(address, init).catch((error: Error) => error);
      if (response instanceof Response && response.ok) {
        if (this.#isTold) tell(`${url.origin} answers again.`);
        this.#isTold = false;
        return response;
      }
      const { text, isWithoutEffect, refused } = await faultOf(response, url.origin);
      if (isWithoutEffect) count?.(-1);
      if (refused) throw refused;
      const tried = clock() - began;
      if (tried >= TRY_MS) throw new Unreachable(`${url.origin} ${text}. ${GIVEN_UP}`);
      if (tried >= QUIET_MS && !this.#isTold) {
        this.#isTold = true;
        tell(`${url.origin} ${text}. Trying again, for up to ${Math.ceil((TRY_MS - tried) / 60_000)} minutes.`);
      }
      const asked = response instanceof Response ? 1000 * (Number(response.headers.get("retry-after")) || 0) : 0;
      await sleep(Math.max(asked, WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? 0));
    }
  }
}
