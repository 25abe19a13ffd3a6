import { AdmissionRequest } from "../../schemas/admission.ts";

/** One request to the scripted host. */
export interface Call {
  readonly stage: string;
  readonly input: Record<string, unknown>;
  readonly signal: AbortSignal | null;
  readonly headers: Headers;
}

/** Answers one call. A value is the output of a prediction that succeeds. */
export type Script = (call: Call) => unknown | Promise<unknown>;

/**
 * A Cog host (replicate/cog 0.22, docs/http.md) in the same process, whose models answer as a test says. It records
 * requests, and can give every answer that a host can give.
 */
export class ScriptedCog {
  readonly calls: Call[] = [];
  /** The requests about admissions, each as its method and the post's id. */
  readonly admissions: string[] = [];
  readonly #scripts = new Map<string, Script>();
  #admit: ((post: AdmissionRequest) => Response | Promise<Response>) | null = null;

  /** Sets how a stage answers from now on. */
  on(stage: string, script: Script): this {
    this.#scripts.set(stage, script);
    return this;
  }

  /** Sets how the host answers a post that asks for room (schemas/admission.ts). Without it, it knows no admissions. */
  onAdmission(admit: (post: AdmissionRequest) => Response | Promise<Response>): this {
    this.#admit = admit;
    return this;
  }

  /** The inputs that a stage was sent, in order. */
  asked(stage: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.stage === stage).map(({ input }) => input);
  }

  /** Used instead of the network. */
  readonly fetch = async (url: URL, init: RequestInit): Promise<Response> => {
    const post = /^\/admissions\/([\w-]+)$/.exec(url.pathname)?.[1];
    if (post !== undefined) {
      this.admissions.push(`${init.method} ${post}`);
      if (!this.#admit) return new Response("not found", { status: 404 });
      if (init.method === "DELETE") return new Response(null, { status: 204 });
      return this.#admit(AdmissionRequest.parse(JSON.parse(String(init.body))));
    }
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

/** Every way in which a host gives no result. */
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

/** Never answers, and rejects when it is aborted. */
export const hang: Script = ({ signal }) =>
  new Promise((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
