/**
 * What a local host of models is told to do, as data: it crosses a process's border. One server speaks the protocols of
 * Replicate, Hugging Face, OpenAI-compatible chat and Cog; every test has a session of its own on it.
 */
export interface HostScript {
  /**
   * What models answer, by operation and model: `replicate owner/name`, `replicate <version>`, `huggingface <path>`,
   * `chat <model>`, `cog <model>`. The first is given first, the last for ever after. For Replicate and Cog it is the
   * prediction's output, for the others the body.
   */
  readonly replies?: Readonly<Record<string, readonly unknown[]>>;
  /**
   * What goes wrong, by operation (`replicate.create`, `replicate.get`, `replicate.cancel`, `replicate.files.create`,
   * `huggingface`, `chat`, `cog`, `file`, …): the first call meets the first, and none after the last.
   */
  readonly faults?: Readonly<Record<string, readonly Fault[]>>;
  /** What an endpoint never takes. */
  readonly refusals?: readonly Refusal[];
  /** Files that may be got, as base64, by path below the session's own address. */
  readonly files?: Readonly<Record<string, { readonly type: string; readonly base64: string }>>;
  /**
   * Replicate models by `owner/name`: each version's `openapi_schema`, the latest first; `official` where there is no
   * public list of versions.
   */
  readonly models?: Readonly<Record<string, HostedModel>>;
  /** How predictions' ends are told to whoever asked for that. */
  readonly webhooks?: WebhookScript;
  /** Predictions on a page of a list; 100 where absent, as the vendor has it. */
  readonly pageSize?: number;
}

export interface HostedModel {
  readonly official?: boolean;
  readonly versions: readonly { readonly id: string; readonly openapi_schema: Readonly<Record<string, unknown>> }[];
}

/**
 * See `faults.ts` for what each does to a socket. `none` lets a call through; `reset` and `silent` are met before the
 * call does anything, `cut` and `stalled` after it was taken. `prediction` shows a prediction in a status: an end
 * stays, anything else has become the real end by the next get.
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
  | { readonly kind: "prediction"; readonly status: string; readonly fields?: Readonly<Record<string, unknown>> };

/** A request of an operation whose body has this field meets this answer, however often it comes. */
export interface Refusal {
  readonly operation: string;
  /** Path with dots, and `=value` behind it where it matters: `response_format.type=json_schema`. */
  readonly has: string;
  readonly status: number;
  readonly body: string;
}

export interface WebhookScript {
  /** `whsec_` and base64. */
  readonly secret: string;
  /** Unix time in seconds that messages bear. */
  readonly now: number;
  /** In the order of delivery; one of the end where absent. */
  readonly deliveries?: readonly Delivery[];
}

/** One message. Standard Webhooks 1.0: one that is delivered again bears the same id. */
export interface Delivery {
  /** The prediction in this status; `end` as it really ended. */
  readonly tells: "starting" | "processing" | "end";
  readonly id?: string;
  /** Signed with another key. */
  readonly forged?: boolean;
  /** Seconds by which it is old. */
  readonly age?: number;
}

/** A message as it goes over the wire. */
export interface SignedDelivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One request as the server got it. */
export interface RecordedCall {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it was JSON, else null. */
  readonly body: unknown;
  /** What it was where it was no JSON, as base64; null for none. */
  readonly base64: string | null;
  /** Whether whoever asked hung up before all of the answer was sent. */
  readonly abandoned: boolean;
}

/** A test's own part of the server, from Node or from workerd. */
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

  /** The address of a protocol: `replicate/v1`, `huggingface`, `chat/v1`, `cog`. */
  at(protocol: string): string {
    return `${this.base.href}/${protocol}`;
  }

  /** What was asked so far, in order; of one operation where it is named. */
  async calls(operation?: string): Promise<RecordedCall[]> {
    const calls = (await (await fetch(`${this.base.href}/calls`)).json()) as RecordedCall[];
    return operation === undefined ? calls : calls.filter((call) => call.operation === operation);
  }

  /**
   * Resolves once what was asked satisfies the condition, with what was asked. The server says it at once: nothing is
   * waited for by the clock.
   */
  async until(condition: (calls: readonly RecordedCall[]) => boolean): Promise<RecordedCall[]> {
    for (;;) {
      const calls = await this.calls();
      if (condition(calls)) return calls;
    }
  }

  /**
   * Callbacks, signed, once there are so many. The server itself delivers those whose address is on this machine; a
   * test in workerd puts the others before its app.
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
