/**
 * What a local host of models is told to do, as data: it crosses a process's border. One server speaks the protocols of Replicate, Hugging Face,
 * OpenAI-compatible chat and Cog; every test has a session of its own on it.
 */
export interface HostScript {
  /**
   * What models answer, by operation and model: `replicate owner/name`, `replicate <version>`, `huggingface <path>`, `chat <model>`, `cog <model>`.
   * The first is given first, the last for ever after. For Replicate and Cog it is the prediction's output, for the others the body.
   */
  readonly replies?: Readonly<Record<string, readonly unknown[]>>;
  /** What goes wrong, by operation (`replicate.create`, `replicate.get`, …, `huggingface`, `chat`, `cog`): the first call meets the first. */
  readonly faults?: Readonly<Record<string, readonly Fault[]>>;
  /** Files that may be got, as base64, by path below the session's own address. */
  readonly files?: Readonly<Record<string, { readonly type: string; readonly base64: string }>>;
}

/** See `faults.ts` for what each does to a socket or a prediction. `none` lets a call through. */
export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "status"; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly kind: "reset" }
  | { readonly kind: "cut" }
  | { readonly kind: "silent" }
  | { readonly kind: "stalled" }
  | { readonly kind: "prediction"; readonly status: string; readonly fields?: Readonly<Record<string, unknown>> };

/** One request as the server got it. */
export interface RecordedCall {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it was JSON, else null. */
  readonly body: unknown;
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
}

declare module "vitest" {
  interface ProvidedContext {
    hosted: string;
  }
}
