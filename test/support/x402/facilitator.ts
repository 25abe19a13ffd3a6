import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import type { Hex } from "viem";
import { Chain } from "./chain.ts";
import { checkPayment } from "./check-payment.ts";

export const NETWORK = "eip155:84532";
/** The address that settles `upto`. */
const SETTLER: Hex = "0x5e771e5e771e5e771e5e771e5e771e5e771e5e77";

/**
 * How one answer fails. `silent` never answers, `cut` closes the connection, `nonsense` is no JSON of the protocol,
 * `broken` is HTTP 500, `pending` is a transaction that is not confirmed yet, `refuse` a refusal. With `_after`, the
 * payment is settled first.
 */
export type Fault =
  | "refuse"
  | "silent"
  | "cut"
  | "nonsense"
  | "broken"
  | "pending_after"
  | "silent_after"
  | "cut_after"
  | "broken_after";

/** What is sent for a request: a JSON answer, or none. */
export type Reply = { readonly status: number; readonly body: unknown } | "silent" | "cut";

/** A facilitator that checks signatures for real and moves no money but that of its table. */
export class LocalFacilitator {
  readonly chain = new Chain();
  /** The requests that came, without GET /supported. */
  readonly asked: string[] = [];
  /** The schemes that it settles. */
  schemes: readonly ("upto" | "exact")[] = ["exact", "upto"];
  readonly #faults = new Map<string, Fault[]>();

  /** Has the next calls of an operation fail, one fault each. */
  fail(operation: "supported" | "verify" | "settle", ...faults: readonly Fault[]): void {
    this.#faults.set(operation, [...(this.#faults.get(operation) ?? []), ...faults]);
  }

  /** Forgets faults that did not happen. */
  recover(): void {
    this.#faults.clear();
  }

  async handle(path: string, body: unknown): Promise<Reply> {
    const operation = path.slice(1);
    const fault = this.#faults.get(operation)?.shift();
    if (operation === "supported") return broken(fault) ?? { status: 200, body: this.#supported() };
    this.asked.push(operation);
    const { paymentPayload, paymentRequirements } = body as {
      paymentPayload: PaymentPayload;
      paymentRequirements: PaymentRequirements;
    };
    if (operation === "verify") return this.#verify(paymentPayload, paymentRequirements, fault);
    if (operation === "settle") return this.#settle(paymentPayload, paymentRequirements, fault);
    return { status: 404, body: { error: "not found" } };
  }

  #supported() {
    const kinds = this.schemes.map((scheme) => ({
      x402Version: 2,
      scheme,
      network: NETWORK,
      ...(scheme === "upto" && { extra: { facilitatorAddress: SETTLER } }),
    }));
    return { kinds, extensions: [], signers: { "eip155:*": [SETTLER] } };
  }

  async #verify(payload: PaymentPayload, requirements: PaymentRequirements, fault?: Fault): Promise<Reply> {
    const failed = broken(fault);
    if (failed) return failed;
    if (fault === "refuse") return { status: 200, body: { isValid: false, invalidReason: "not_today" } };
    const checked = await checkPayment(payload, requirements, this.chain, SETTLER, false);
    if ("reason" in checked) {
      return { status: 200, body: { isValid: false, invalidReason: checked.reason, payer: checked.payer } };
    }
    return { status: 200, body: { isValid: true, payer: checked.transfer.payer } };
  }

  async #settle(payload: PaymentPayload, requirements: PaymentRequirements, fault?: Fault): Promise<Reply> {
    const failed = broken(fault);
    if (failed) return failed;
    const { network } = requirements;
    const refuse = (errorReason: string, transaction = "") => ({
      status: 200,
      body: { success: false, errorReason, transaction, network },
    });
    if (fault === "refuse") return refuse("not_today");
    const checked = await checkPayment(payload, requirements, this.chain, SETTLER, true);
    if ("reason" in checked) return refuse(checked.reason);
    const transaction = this.chain.transfer(checked.transfer);
    if (fault === "pending_after") return refuse("settlement_pending", transaction);
    const { payer, amount } = checked.transfer;
    const late = broken(fault?.replace("_after", "") as Fault | undefined);
    return late ?? { status: 200, body: { success: true, transaction, network, payer, amount: String(amount) } };
  }
}

function broken(fault: Fault | undefined): Reply | null {
  if (fault === "silent" || fault === "cut") return fault;
  if (fault === "nonsense") return { status: 200, body: "welcome" };
  return fault === "broken" ? { status: 500, body: { error: "internal" } } : null;
}

/** Serves a facilitator on a free port of this machine. */
export async function serveFacilitator(facilitator: LocalFacilitator): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", async () => {
      const text = Buffer.concat(parts).toString();
      const reply = await facilitator.handle(request.url ?? "", text === "" ? null : JSON.parse(text));
      if (reply === "silent") return;
      if (reply === "cut") return void response.socket?.destroy();
      response.writeHead(reply.status, { "content-type": "application/json" });
      response.end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
