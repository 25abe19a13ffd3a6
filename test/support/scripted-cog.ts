/**
 * A Cog host whose models say what a test tells them to. It is a script and no model: it speaks the protocol (cog 0.22,
 * docs/http.md) so that the code under test meets every answer which a host can give, and it keeps what it was asked.
 */
export interface Call {
  readonly stage: string;
  readonly input: Record<string, unknown>;
  readonly signal: AbortSignal | null;
  readonly headers: Headers;
}

/** Answers one call. A value is the output of a prediction that succeeds. */
export type Script = (call: Call) => unknown | Promise<unknown>;

export class ScriptedCog {
  readonly calls: Call[] = [];
  readonly #scripts = new Map<string, Script>();

  /** Say how a stage answers from now on. */
  on(stage: string, script: Script): this {
    this.#scripts.set(stage, script);
    return this;
  }

  /** What a stage was asked, in order. */
  asked(stage: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.stage === stage).map(({ input }) => input);
  }

  /** In place of the network. */
  readonly fetch = async (url: URL, init: RequestInit): Promise<Response> => {
    const stage = /^\/([\w-]+)\/predictions$/.exec(url.pathname)?.[1];
    const script = stage === undefined ? undefined : this.#scripts.get(stage);
    if (stage === undefined || init.method !== "POST" || !script) return new Response("not found", { status: 404 });
    const { input } = JSON.parse(String(init.body)) as { input: Record<string, unknown> };
    const call = { stage, input, signal: init.signal ?? null, headers: new Headers(init.headers) };
    this.calls.push(call);
    const answer = await script(call);
    return answer instanceof Response ? answer : Response.json({ id: "p1", status: "succeeded", output: answer });
  };
}

/** The ways in which a host gives no result, each as the protocol or the network has it. */
export const FAULTS = {
  failed: () => Response.json({ id: "p1", status: "failed", error: "model broke on: some secret text" }),
  canceled: () => Response.json({ id: "p1", status: "canceled" }),
  unfinished: () => Response.json({ id: "p1", status: "processing" }, { status: 202 }),
  starting: () => Response.json({ id: "p1", status: "starting" }),
  busy: () => Response.json({ detail: "Already running a prediction" }, { status: 409 }),
  rejected: () =>
    Response.json({ detail: [{ loc: ["body", "input"], msg: "bad", type: "value_error" }] }, { status: 422 }),
  unavailable: () => Response.json({ detail: "Setup has not finished" }, { status: 503 }),
  unauthorized: () => new Response("no", { status: 401 }),
  redirect: () => new Response(null, { status: 307, headers: { location: "https://elsewhere.example/" } }),
  notFound: () => new Response("no such model", { status: 404 }),
  gateway: () => new Response("<html>bad gateway</html>", { status: 502 }),
  half: () => new Response('{"id":"p1","status":"succ'),
  notJson: () => new Response("<html>hello</html>"),
  otherContent: () => Response.json({ hello: "world" }),
  invalidOutput: () => Response.json({ id: "p1", status: "succeeded", output: { model: "m", version: "1" } }),
  noOutput: () => Response.json({ id: "p1", status: "succeeded" }),
  brokenOff: () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"id":'));
          controller.error(new Error("connection reset"));
        },
      }),
    ),
  unreachable: () => {
    throw new TypeError("connection refused");
  },
} satisfies Record<string, Script>;

/** Never answers; gives up when it is told to. */
export const hang: Script = ({ signal }) =>
  new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
