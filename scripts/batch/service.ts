import { BatchAnswer, type BatchResult } from "../../schemas/batches.ts";

/** The operations on batches of one deployment. */
export interface ServiceOptions {
  readonly url: URL;
  /** A key of an account; null where the deployment asks for none. */
  readonly key: string | null;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
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

/** Waits between tries of a request that failed, in milliseconds; the last of them is repeated. */
const WAITS_MS = [1_000, 2_000, 5_000, 15_000, 30_000];
/** Statuses that may be others the next time. */
const PASSING = new Set([408, 409, 425, 429, 500, 502, 503, 504]);
/** Tries of one request: about an hour. */
const TRIES = 120;

export class Service {
  readonly #options: ServiceOptions;

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
      for (const line of lines) if (line !== "") yield JSON.parse(line) as BatchResult;
    }
  }

  async #read(response: Response): Promise<BatchAnswer> {
    return BatchAnswer.parse(await response.json());
  }

  async #ask(method: string, path: string, more: object = {}, body?: () => BodyInit): Promise<Response> {
    const { url, key, fetch, sleep } = this.#options;
    const headers = { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...more };
    const address = `${url.href.replace(/\/$/, "")}/v1/batches${path}`;
    for (let tries = 1; ; tries++) {
      const response = await fetch(address, { method, headers, ...(body ? { body: body() } : {}) }).catch((error) => {
        if (tries >= TRIES) throw error;
        return null;
      });
      if (response?.ok) return response;
      const text = response ? await response.text().catch(() => "") : "";
      if (response && (tries >= TRIES || !PASSING.has(response.status)))
        throw new Refused(response.status, detailOf(text));
      const asked = 1000 * (Number(response?.headers.get("retry-after")) || 0);
      await sleep(Math.max(asked, WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? 0));
    }
  }
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
