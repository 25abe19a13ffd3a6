/**
 * The behaviour of a local host, as data that can be sent to another process. One server speaks the protocols of
 * Replicate, Hugging Face, OpenAI-compatible chat, Cog, fal, Roboflow, Moondream and Stripe. Every test opens a session
 * of its own on it.
 */
export interface HostScript {
  /**
   * What models answer, by operation and model: `replicate owner/name`, `replicate <version>`, `huggingface <path>`,
   * `chat <model>`, `cog <model>`, `fal <model>`, `roboflow sam3`, `moondream <skill>`. They are given in order, and
   * the last one again and again. A reply is a prediction's output for Replicate and Cog, and the body for the others.
   */
  readonly replies?: Readonly<Record<string, readonly unknown[]>>;
  /**
   * Faults, by operation (`replicate.create`, `replicate.get`, `replicate.cancel`, `replicate.files.create`,
   * `huggingface`, `chat`, `cog`, `fal`, `fal.submit`, `fal.status`, `roboflow`, `moondream`, `stripe.checkout`,
   * `stripe.payment_intent`, `file`, …): one a call,
   * in order, and none after the last.
   */
  readonly faults?: Readonly<Record<string, readonly Fault[]>>;
  /** A model that boots. */
  readonly boot?: Boot;
  /** Fields that an endpoint always refuses. */
  readonly refusals?: readonly Refusal[];
  /** Files that the session serves, as base64, by their path below its address. */
  readonly files?: Readonly<Record<string, { readonly type: string; readonly base64: string }>>;
  /**
   * Replicate models by `owner/name`, with the `openapi_schema` of each version, latest first. An `official` model has
   * no public list of versions.
   */
  readonly models?: Readonly<Record<string, HostedModel>>;
  /** How callbacks are signed and delivered. */
  readonly webhooks?: WebhookScript;
  /** How the callbacks of fal's queue are signed; none are sent where absent. */
  readonly falCallbacks?: FalCallbackScript;
  /** Predictions on a page of a list; 100 where absent, as at Replicate. */
  readonly pageSize?: number;
}

export interface HostedModel {
  readonly official?: boolean;
  readonly versions: readonly { readonly id: string; readonly openapi_schema: Readonly<Record<string, unknown>> }[];
}

/**
 * `none` lets a call through. `status` answers it with a status. `reset` closes the connection and `silent` never
 * answers, both before the call has an effect. `cut` closes the connection after half of the answer and `stalled` stops
 * there, both after the call had its effect. `trickle` sends an answer byte by byte, and `endless` sends one without an
 * end. `prediction` shows the prediction in a status: a final one stays, and any
 * other is followed by the real end at the next get.
 */
export type Fault =
  | { readonly kind: "none" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: "reset" }
  | { readonly kind: "cut" }
  | { readonly kind: "silent" }
  | { readonly kind: "stalled" }
  | { readonly kind: "trickle" }
  | { readonly kind: "endless" }
  | { readonly kind: "prediction"; readonly status: string; readonly fields?: Readonly<Record<string, unknown>> };

/** Every call of these operations meets the fault until a time, by the clock that the caller sends as `x-clock`. */
export interface Boot {
  readonly operations: readonly string[];
  /** Unix time in milliseconds. */
  readonly until: number;
  readonly fault: Fault;
}

/** The answer to every request of an operation whose body has a field. */
export interface Refusal {
  readonly operation: string;
  /** A path with dots, with `=value` behind it or without: `response_format.type=json_schema`. */
  readonly has: string;
  readonly status: number;
  readonly body: string;
}

export interface WebhookScript {
  /** `whsec_` and base64. */
  readonly secret: string;
  /** The Unix time of messages, in seconds. */
  readonly now: number;
  /** In the order of delivery; one message about the end where absent. */
  readonly deliveries?: readonly Delivery[];
}

/** One message. A repeated delivery has the same id (Standard Webhooks 1.0). */
export interface Delivery {
  /** The status that the message shows; `end` is the real one. */
  readonly tells: "starting" | "processing" | "end";
  readonly id?: string;
  /** Whether it is signed with another key. */
  readonly forged?: boolean;
  /** Its age in seconds. */
  readonly age?: number;
}

export interface FalCallbackScript {
  /** The Unix time of messages, in seconds. */
  readonly now: number;
  readonly deliveries: ReadonlyArray<{
    readonly status?: "OK" | "ERROR";
    /** Whether it is signed with another key. */
    readonly forged?: boolean;
    /** Its age in seconds. */
    readonly age?: number;
  }>;
}

/** A message as it is sent. */
export interface SignedDelivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request that the server received. */
export interface RecordedCall {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** With its question mark; empty where there is none. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON; null where it was not JSON. */
  readonly body: unknown;
  /** A body that is not JSON, as base64; null where it is JSON or empty. */
  readonly base64: string | null;
  /** Whether the client left before the whole answer was sent. */
  readonly abandoned: boolean;
}

/** One test's part of the server, used from Node or from workerd. */
export class HostSession {
  readonly base: URL;

  private constructor(base: URL) {
    this.base = base;
  }

  /** @param server the server's address: in workerd `inject("hosted")` */
  static async open(server: string, script: HostScript = {}): Promise<HostSession> {
    const response = await fetch(new URL("/sessions", server), { method: "POST", body: JSON.stringify(script) });
    return new HostSession(new URL(await response.text(), server));
  }

  /** The address of a protocol: `replicate/v1`, `huggingface`, `chat/v1`, `cog`, `fal/run`, `roboflow`, … */
  at(protocol: string): string {
    return `${this.base.href}/${protocol}`;
  }

  /** The requests so far, in order; of one operation where it is named. */
  async calls(operation?: string): Promise<RecordedCall[]> {
    const calls = (await (await fetch(`${this.base.href}/calls`)).json()) as RecordedCall[];
    return operation === undefined ? calls : calls.filter((call) => call.operation === operation);
  }

  /** Resolves with the requests as soon as they satisfy the condition. It asks the server again and again. */
  async until(condition: (calls: readonly RecordedCall[]) => boolean): Promise<RecordedCall[]> {
    for (;;) {
      const calls = await this.calls();
      if (condition(calls)) return calls;
    }
  }

  /**
   * Resolves with the signed callbacks as soon as there are at least so many. The server delivers those whose address
   * is on this machine. A test in workerd passes the others to its app.
   */
  async deliveries(least = 0): Promise<SignedDelivery[]> {
    for (;;) {
      const deliveries = (await (await fetch(`${this.base.href}/deliveries`)).json()) as SignedDelivery[];
      if (deliveries.length >= least) return deliveries;
    }
  }
}

declare module "vitest" {
  interface ProvidedContext {
    hosted: string;
  }
}
