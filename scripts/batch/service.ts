import { BatchAnswer, type BatchResult } from "../../schemas/batches.ts";
import { UsdAmount } from "../../schemas/money.ts";

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

/** The service refused a request, and will refuse it again. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The deployment could not be asked for as long as it is tried. The message is for people. */
export class Unreachable extends Error {}

/** Waits between tries of a request that failed, in milliseconds; the last of them is repeated. */
const WAITS_MS = [1_000, 2_000, 5_000, 15_000, 30_000];
/** Statuses that may be others the next time. */
const PASSING = new Set([408, 409, 425, 429, 500, 502, 503, 504]);
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

  /** Sends a batch. The same `Idempotency-Key` gets the same batch. */
  async create(
    body: () => BodyInit,
    type: string | null,
    key: string,
    maxConcurrent: string | null,
  ): Promise<BatchAnswer> {
    const query = maxConcurrent === null ? "" : `?max_concurrent=${encodeURIComponent(maxConcurrent)}`;
    const headers = { "idempotency-key": key, ...(type === null ? {} : { "content-type": type }) };
    return this.#read(await this.#ask("POST", query, headers, body));
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
    const result = JSON.parse(text) as BatchResult;
    if (UsdAmount.safeParse(result.cost_usd).success) return result;
    throw new Refused(
      status,
      `${this.#options.url.origin} runs another version of Namesight: results have no cost_usd.`,
    );
  }

  async #read(response: Response): Promise<BatchAnswer> {
    const answer = BatchAnswer.safeParse(await response.json().catch(() => undefined));
    if (answer.success) return answer.data;
    throw new Refused(response.status, `${this.#options.url.origin} does not answer as Namesight does.`);
  }

  async #ask(method: string, path: string, more: object = {}, body?: () => BodyInit): Promise<Response> {
    const { url, key, fetch, sleep, clock, tell } = this.#options;
    const headers = { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...more };
    const address = `${url.href.replace(/\/$/, "")}/v1/batches${path}`;
    const began = clock();
    for (let tries = 1; ; tries++) {
      const init = { method, headers, ...(body ? { body: body() } : {}) };
      const response = await fetch(address, init).catch((error: Error) => error);
      if (response instanceof Response && response.ok) {
        if (this.#isTold) tell(`${url.origin} answers again.`);
        this.#isTold = false;
        return response;
      }
      const fault = await faultOf(response);
      const tried = clock() - began;
      if (tried >= TRY_MS) throw new Unreachable(`${url.origin} ${fault}. ${GIVEN_UP}`);
      if (tried >= QUIET_MS && !this.#isTold) {
        this.#isTold = true;
        tell(`${url.origin} ${fault}. Trying again, for up to ${Math.ceil((TRY_MS - tried) / 60_000)} minutes.`);
      }
      const asked = response instanceof Response ? 1000 * (Number(response.headers.get("retry-after")) || 0) : 0;
      await sleep(Math.max(asked, WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? 0));
    }
  }
}

/** What went wrong, as the end of a sentence. Throws `Refused` where the same request would be refused again. */
async function faultOf(response: Response | Error): Promise<string> {
  if (response instanceof Error) return `cannot be reached (${reasonOf(response)})`;
  const { status } = response;
  const detail = detailOf(await response.text().catch(() => ""));
  if (!PASSING.has(status)) throw new Refused(status, detail || `HTTP ${status}`);
  return `answers with ${status}${detail && ` (${detail.replace(/\.$/, "")})`}`;
}

/** Why a request had no response: `fetch failed` alone says nothing. */
function reasonOf({ message, cause }: Error): string {
  const { message: inner = "", code = "" } = (cause ?? {}) as { message?: string; code?: string };
  return inner || code || message;
}

/** What a problem document says. */
function detailOf(text: string): string {
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    return [title, detail].filter(Boolean).join(": ");
  } catch {
    return text.slice(0, 200);
  }
}
