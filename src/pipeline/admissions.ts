import { LIMITS } from "../../schemas/limits.ts";
import type { Runtime } from "../runtime.ts";
import { type ModelHost, StageError, type StageModel } from "../stages/model.ts";
import { overloaded } from "./overloaded.ts";

export interface AdmissionsOptions extends Pick<Runtime, "clock" | "timer"> {
  /** The run's id, which names its post to the hosts. */
  readonly id: string;
  /** Unix time in milliseconds at which the run ends. */
  readonly deadline: number;
  /** How long a host may take to say whether it has room, in milliseconds. `LIMITS.admissionMs` where absent. */
  readonly admissionMs?: number;
}

/** The admissions of one run to the hosts of its models. Each host is asked until it has admitted the run's post. */
export class Admissions {
  readonly #options: AdmissionsOptions;
  readonly #asked = new Map<string, Promise<void>>();
  /** Hosts that may have given room. */
  readonly #hosts = new Map<string, ModelHost>();

  constructor(options: AdmissionsOptions) {
    this.#options = options;
  }

  /**
   * The post's id, once a host has admitted it. Concurrent calls share one request; after a failure the next call asks
   * again. Throws a `StageError`: a host that does not say in time counts as busy.
   *
   * @param picture whether models of the host will see a picture of the post
   */
  async at(host: ModelHost, picture: boolean, signal: AbortSignal): Promise<string> {
    const { id } = this.#options;
    await (this.#asked.get(host.key) ?? this.#ask(host, picture, signal));
    return id;
  }

  #ask(host: ModelHost, picture: boolean, signal: AbortSignal): Promise<void> {
    const { id, deadline, clock, timer, admissionMs = LIMITS.admissionMs } = this.#options;
    const deadline_ms = Math.min(LIMITS.deadlineMs, Math.max(1, deadline - clock()));
    const late = timer(admissionMs);
    this.#hosts.set(host.key, host);
    const admitted = host.admit({ id, picture, deadline_ms }, AbortSignal.any([signal, late])).catch((error) => {
      // Any other failure may have come after the host gave room.
      if (error instanceof StageError && error.code === "busy") this.#hosts.delete(host.key);
      if (!late.aborted || signal.aborted) throw error;
      const detail = "did not say in time whether it has room for another post";
      throw new StageError("busy", detail, { retryAfterMs: admissionMs });
    });
    this.#asked.set(host.key, admitted);
    admitted.catch(() => this.#asked.delete(host.key));
    return admitted;
  }

  /** Gives the room back at every host that may have given some. */
  async close(): Promise<void> {
    const { id } = this.#options;
    await Promise.all([...this.#hosts.values()].map((host) => host.leave(id)));
  }
}

/**
 * Asks the hosts of the chains' first models for room. Throws the problem `overloaded` when a chain has models on full
 * hosts only. A host that does not answer refuses nobody: the calls of its models then fail and say why.
 */
export async function admitPost(
  chains: ReadonlyArray<readonly StageModel[]>,
  picture: boolean,
  admissions: Admissions,
  signal: AbortSignal,
): Promise<void> {
  const hosts = new Map(chains.flatMap(([first]) => (first?.host ? [[first.host.key, first.host] as const] : [])));
  const refusals = new Map<string, StageError>();
  await Promise.all(
    [...hosts].map(async ([key, host]) => {
      try {
        await admissions.at(host, picture, signal);
      } catch (error) {
        if (!(error instanceof StageError)) throw error;
        if (error.code === "busy" || error.code === "rate_limited") refusals.set(key, error);
      }
    }),
  );
  const waits = chains.flatMap((chain) => {
    const refused = chain.map(({ host }) => (host ? refusals.get(host.key) : undefined));
    const isFull = refused.length > 0 && refused.every(Boolean);
    return isFull ? [Math.min(...refused.map((error) => error?.retryAfterMs ?? 0))] : [];
  });
  if (waits.length > 0) throw overloaded("The models are busy with other posts", Math.max(...waits) || null);
}
