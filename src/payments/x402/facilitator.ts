import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import * as z from "zod/mini";
import { jsonExcess } from "../../../schemas/json-size.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf } from "../../../schemas/primitives.ts";
import { joinUrl } from "../../net/join-url.ts";
import type { ProviderFetch } from "../../net/provider-fetch.ts";
import { readCapped } from "../../net/read-capped.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import type { Runtime } from "../../runtime.ts";

/** Largest answer of a facilitator, in bytes. Set by hand: the longest list of networks has some 20 KB. */
const ANSWER_BYTES = 256 * 1024;
/** Largest number of levels and values in it. */
const ANSWER_JSON = { levels: 16, values: 10_000 };
/** Most networks and schemes in the list of one facilitator. */
const MOST_KINDS = 2_000;

const Text = z.nullish(z.string().check(z.maxLength(1_000)));

/** A network and a scheme of a facilitator; for `upto`, `extra.facilitatorAddress` is who may settle. */
const Kind = z.object({
  x402Version: z.number(),
  scheme: z.string(),
  network: z.string(),
  extra: z.nullish(z.record(z.string(), z.unknown())),
});
export type Kind = z.infer<typeof Kind>;

const Supported = z.object({ kinds: listOf(Kind, MOST_KINDS) });

/** Whether a payment could be settled now. */
const Verified = z.object({ isValid: z.boolean(), invalidReason: Text, payer: Text });
export type Verified = z.infer<typeof Verified>;

/** What came of a settlement. */
const Settled = z.object({
  success: z.boolean(),
  errorReason: Text,
  payer: Text,
  transaction: z.nullish(z.string().check(z.maxLength(200))),
  network: Text,
  amount: Text,
});
export type Settled = z.infer<typeof Settled>;

/** The facilitator gave no answer that can be read: whether it did what it was asked is not known. */
export class FacilitatorUnanswered extends Error {
  /** Whether its time was over. */
  readonly timedOut: boolean;

  constructor(operation: string, how: string, timedOut = false) {
    super(`the facilitator's ${operation} ${how}`);
    this.name = "FacilitatorUnanswered";
    this.timedOut = timedOut;
  }
}

/**
 * The client of an x402 facilitator (x402 version 2, "Facilitator Interface"). Each call sends exactly one HTTP request
 * and ends in its time. Throws `FacilitatorUnanswered`.
 */
export class Facilitator {
  readonly #base: URL;
  readonly #fetch: ProviderFetch;
  readonly #timer: Runtime["timer"];

  /** @param fetch sends requests to the facilitator's origin */
  constructor(base: URL, fetch: ProviderFetch, timer: Runtime["timer"]) {
    this.#base = base;
    this.#fetch = fetch;
    this.#timer = timer;
  }

  /** The schemes and networks that it settles. */
  async supported(): Promise<readonly Kind[]> {
    return (await this.#ask("supported", Supported, LIMITS.facilitatorMs)).kinds;
  }

  /** Asks whether a payment could be settled now. Nothing moves. */
  async verify(paymentPayload: PaymentPayload, paymentRequirements: PaymentRequirements): Promise<Verified> {
    const body = { x402Version: 2, paymentPayload, paymentRequirements };
    return this.#ask("verify", Verified, LIMITS.facilitatorMs, body);
  }

  /** Has a payment settled on chain: of `upto`, the amount of the requirements. */
  async settle(paymentPayload: PaymentPayload, paymentRequirements: PaymentRequirements): Promise<Settled> {
    const body = { x402Version: 2, paymentPayload, paymentRequirements };
    return this.#ask("settle", Settled, LIMITS.settlementMs, body);
  }

  async #ask<Schema extends z.ZodMiniType>(
    operation: "supported" | "verify" | "settle",
    schema: Schema,
    milliseconds: number,
    body?: object,
  ): Promise<z.infer<Schema>> {
    const signal = this.#timer(milliseconds);
    const headers = { "content-type": "application/json", accept: "application/json" };
    const init = body ? { method: "POST", headers, body: JSON.stringify(body), signal } : { headers, signal };
    let status: number;
    let text: string;
    try {
      const response = await untilAborted(this.#fetch(joinUrl(this.#base, `/${operation}`), init), signal);
      status = response.status;
      const bytes = response.body ? await readCapped(response.body, ANSWER_BYTES, signal) : new Uint8Array();
      text = new TextDecoder().decode(bytes);
    } catch {
      const how = signal.aborted ? `did not answer within ${milliseconds} ms` : "broke off";
      throw new FacilitatorUnanswered(operation, how, signal.aborted);
    }
    // A refusal may come with 400 or 402. A failing server's words about the payment are not believed.
    if (status >= 500 || status === 429 || status === 408 || (status >= 300 && status < 400)) {
      throw new FacilitatorUnanswered(operation, `answered with HTTP ${status}`);
    }
    const parsed = z.safeParse(schema, parseJson(text));
    if (!parsed.success) throw new FacilitatorUnanswered(operation, "answered with something else");
    return parsed.data;
  }
}

function parseJson(text: string): unknown {
  if (jsonExcess(text, ANSWER_JSON)) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
