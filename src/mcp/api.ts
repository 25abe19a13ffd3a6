import type { Problem } from "../../schemas/problem.ts";

/** Sends a request to this deployment's own API, in the same process. */
export type SendToApi = (request: Request) => Promise<Response>;

/** A request that the API refused, with its problem document. */
export class ApiRefusal extends Error {
  readonly problem: Problem;
  readonly headers: Headers;

  constructor(problem: Problem, headers: Headers) {
    super(problem.detail);
    this.problem = problem;
    this.headers = headers;
  }
}

interface ApiRequest {
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The API as the caller of a tool uses it: with the caller's key, address, limits and charges. A tool is no second way
 * to anything.
 */
export class Api {
  readonly #send: SendToApi;
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** @param headers of every request: who asks */
  constructor(send: SendToApi, origin: string, headers: Readonly<Record<string, string>>) {
    this.#send = send;
    this.#origin = origin;
    this.#headers = headers;
  }

  /**
   * The response to a request. Throws an `ApiRefusal` for one that the API refuses.
   *
   * @param path with its query, or an address of which only these parts count
   */
  async ask(method: string, path: string, { body, headers }: ApiRequest = {}): Promise<Response> {
    const { pathname, search } = new URL(path, this.#origin);
    const request = new Request(new URL(pathname + search, this.#origin), {
      method,
      headers: { ...this.#headers, ...headers, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const response = await this.#send(request);
    if (response.ok) return response;
    throw new ApiRefusal((await response.json()) as Problem, response.headers);
  }
}
