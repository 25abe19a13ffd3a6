import type { Runtime } from "../../runtime.ts";
import type { Facilitator, Kind } from "./facilitator.ts";

/** How long the facilitator's list is used before it is asked for again, in milliseconds. Set by hand. */
const KEPT_MS = 10 * 60 * 1000;

/** How a payment is made: `upto` settles what was delivered, `exact` the whole of what was authorised. */
export interface Scheme {
  readonly name: "upto" | "exact";
  /** What the wallet has to know beside the terms. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/**
 * The scheme by which this deployment is paid: `upto` where its facilitator has it for the network, else `exact`. The
 * facilitator is asked when the first payment needs it. Its list is remembered for a while, its failure never.
 */
export class Schemes {
  readonly #facilitator: Pick<Facilitator, "supported">;
  readonly #network: string;
  readonly #clock: Runtime["clock"];
  #known: { readonly scheme: Scheme | null; readonly at: number } | null = null;

  constructor(facilitator: Pick<Facilitator, "supported">, network: string, clock: Runtime["clock"]) {
    this.#facilitator = facilitator;
    this.#network = network;
    this.#clock = clock;
  }

  /** The scheme; null when the facilitator has neither. Throws `FacilitatorUnanswered`. */
  async current(): Promise<Scheme | null> {
    const now = this.#clock();
    if (this.#known && now - this.#known.at < KEPT_MS) return this.#known.scheme;
    const scheme = choose(await this.#facilitator.supported(), this.#network);
    if (scheme) this.#known = { scheme, at: now };
    return scheme;
  }
}

function choose(kinds: readonly Kind[], network: string): Scheme | null {
  const find = (name: Scheme["name"]) =>
    kinds.find((kind) => kind.x402Version === 2 && kind.scheme === name && kind.network === network);
  const upto = find("upto");
  // The wallet signs who may settle: without that address nobody can pay by `upto`.
  const settler = upto?.extra?.facilitatorAddress;
  if (typeof settler === "string") {
    return { name: "upto", extra: { assetTransferMethod: "permit2", facilitatorAddress: settler } };
  }
  return find("exact") ? { name: "exact", extra: {} } : null;
}
