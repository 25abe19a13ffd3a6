import type { PaymentRequired } from "@x402/core/types";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { priceOf } from "../../../../schemas/prices.ts";
import { ProblemError } from "../../../../schemas/problem.ts";
import type { AccountCalls } from "../../../../src/accounts/calls.ts";
import { admit, isReplay, type PaidDependencies } from "../../../../src/accounts/paid-request.ts";
import { authorisedUnits, settledUnits } from "../../../../src/payments/x402/amount.ts";
import { requirementsOf } from "../../../../src/payments/x402/terms.ts";
import { X402 } from "../../../../src/payments/x402/x402.ts";
import { AnswerStore } from "../../../../src/storage/answer-store.ts";
import { checkedInvariants, mutationOf } from "../../../mutations/table.ts";
import { TestAccount } from "../../../support/accounts/account.ts";
import { type Fault, LocalFacilitator } from "../../../support/x402/facilitator.ts";
import { fetchOf, Timers } from "../../../support/x402/in-process.ts";
import { INVARIANTS, type ObservedPayments } from "../../../support/x402/invariants.ts";
import { SETTINGS } from "../../../support/x402/settings.ts";
import { Wallet } from "../../../support/x402/wallet.ts";

/**
 * Payments over an account, a bucket and a chain. Answers of the facilitator are lost before or after it settled, calls
 * of the account are lost, and Workers die between two steps.
 */
const MOST = priceOf("recognize", { calls: 1, entities: 5, masks: 5 });
const asked = { operation: "recognize", most: MOST, url: "https://namesight.test/v1/recognize" } as const;
const wallet = new Wallet(3);
const headers: Record<"upto" | "exact", string[]> = { upto: [], exact: [] };

beforeAll(async () => {
  for (const name of ["upto", "exact"] as const) {
    const extra = name === "upto" ? { facilitatorAddress: "0x5e771e5e771e5e771e5e771e5e771e5e771e5e77" } : {};
    const accepts = [requirementsOf(SETTINGS, { name, extra }, authorisedUnits(MOST))];
    const terms: PaymentRequired = { x402Version: 2, resource: { url: asked.url }, accepts };
    headers[name] = [await wallet.pay(terms), await wallet.pay(terms)];
  }
});

/** Where the Worker of a request dies. */
type Death = "before_run" | "before_settling" | "after_settling" | null;

interface Send {
  readonly payment: number;
  readonly body: string;
  readonly entities: number | null;
  readonly faults: readonly Fault[];
  readonly death: Death;
  /** Whether the account cannot be reached once the request runs. */
  readonly isAccountLost: boolean;
}

class World {
  readonly facilitator = new LocalFacilitator();
  readonly account = new TestAccount(`x402-${wallet.address.toLowerCase()}`);
  readonly x402: X402;
  readonly #timers = new Timers();
  /** The bodies that were delivered for each payment. */
  readonly delivered = new Map<string, Set<string>>();
  #requests = 0;
  #runs = 0;
  #isAccountLost = false;
  #dies: Death = null;

  constructor(scheme: "upto" | "exact", money: bigint) {
    this.facilitator.schemes = [scheme];
    this.facilitator.chain.give(wallet.address, money);
    const send = fetchOf(this.facilitator, this.#timers);
    const fetch: typeof send = async (url, init) => {
      const isSettlement = url.pathname.endsWith("/settle");
      if (isSettlement && this.#dies === "before_settling") return new Promise(() => undefined);
      const response = await send(url, init);
      return isSettlement && this.#dies === "after_settling" ? new Promise(() => undefined) : response;
    };
    this.x402 = new X402(SETTINGS, fetch, {
      clock: () => this.account.now,
      timer: this.#timers.timer,
      log: () => undefined,
    });
  }

  /** Sends a request, and returns the code of its problem, `delivered`, or `died`. */
  async send(header: string, { body, entities, faults, death, isAccountLost }: Send): Promise<string> {
    const requestId = `req_${++this.#requests}`;
    const behind: Promise<unknown>[] = [];
    const dependencies: PaidDependencies = {
      account: () => this.#calls(),
      answers: new AnswerStore(this.account.bucket.asBucket()),
      timer: this.#timers.timer,
      sleep: async () => undefined,
      log: () => undefined,
      howToPay: "Pay.",
      waitUntil: (work) => behind.push(work),
    };
    this.facilitator.recover();
    this.facilitator.fail("settle", ...faults);
    const handle = async (): Promise<string> => {
      const payment = await this.x402.read(header, asked);
      const admitted = await admit(
        {
          account: this.account.name,
          credential: { payment: true },
          requestId,
          operation: "recognize",
          most: MOST,
          deadline: this.account.now + 30_000,
          bodyBytes: 1,
          entities: 5,
          repeatable: { key: payment.nonce, fingerprint: `${header} ${body}` },
          payment: this.x402.outside(payment, asked, 0),
          keeps: true,
        },
        dependencies,
      );
      if (isReplay(admitted)) return new Response(admitted.body as BodyInit).text();
      if (death === "before_run") return new Promise(() => undefined);
      this.#isAccountLost = isAccountLost;
      this.#dies = death;
      if (entities === null) {
        await admitted.release();
        throw new ProblemError("stage_failed", "No model answered.");
      }
      const answer = `run ${++this.#runs} of ${body}`;
      const bytes = new TextEncoder().encode(answer);
      const units = { calls: 1, entities, masks: 0 };
      await admitted.settle(
        { units, cost: 1, left: [] },
        { status: 200, contentType: "application/json", body: bytes },
      );
      return answer;
    };
    const died = Symbol("died");
    const idle = async () => {
      for (let turn = 0; turn < 60; turn++) await new Promise<void>((next) => setImmediate(next));
      return died;
    };
    try {
      const ended = death === null ? await handle() : await Promise.race([handle(), idle()]);
      if (typeof ended === "symbol") return "died";
      const bodies = this.delivered.get(header) ?? new Set();
      this.delivered.set(header, bodies.add(ended));
      return "delivered";
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return error.code;
    } finally {
      if (death === null) await Promise.allSettled(behind);
      this.#isAccountLost = false;
      this.#dies = null;
    }
  }

  #calls(): AccountCalls {
    const lost = async () => {
      throw new Error("the account cannot be reached");
    };
    const { state } = this.account;
    const isLost = () => this.#isAccountLost;
    return new Proxy(state, {
      get: (target, name) => {
        const method = Reflect.get(target, name);
        if (typeof method !== "function") return method;
        return isLost() ? lost : method.bind(target);
      },
    });
  }
}

const faults = fc.constantFrom<Fault>(
  "refuse",
  "silent",
  "cut",
  "broken",
  "silent_after",
  "cut_after",
  "pending_after",
);
const send = fc.record<Send>({
  payment: fc.nat(1),
  body: fc.constantFrom("one post", "one post", "another post"),
  entities: fc.option(fc.nat(5), { nil: null, freq: 5 }),
  faults: fc.oneof(fc.array(faults, { maxLength: 2 }), fc.constant<Fault[]>(["cut_after", "refuse"])),
  death: fc.option(fc.constantFrom<Death>("before_run", "before_settling", "after_settling"), { freq: 3 }),
  isAccountLost: fc.boolean(),
});
const step = fc.oneof({ weight: 4, arbitrary: send }, fc.constantFrom("pass", "evict"));
const CALM = { payment: 0, entities: 3, faults: [], death: null, isAccountLost: false } as const;

/** With a mutation, only the invariant that it breaks is checked, and the first counterexample is enough. */
const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);

/** Plays the steps, and then sends every payment again while nothing fails. */
async function play(
  scheme: "upto" | "exact",
  steps: ReadonlyArray<Send | "pass" | "evict">,
): Promise<ObservedPayments> {
  const world = new World(scheme, 10_000_000n);
  const { account, facilitator, delivered } = world;
  for (const next of steps) {
    if (next === "pass") await account.passUntil(account.now + 100_000);
    else if (next === "evict") account.evict();
    else await world.send(headers[scheme][next.payment] ?? "", next);
  }
  await account.passUntil(account.now + 100_000);
  const payments = [];
  for (const header of headers[scheme]) {
    const { nonce, authorised } = await world.x402.read(header, asked);
    const ends = [];
    for (const body of ["one post", "another post"]) ends.push(await world.send(header, { ...CALM, body }));
    const transfers = facilitator.chain.transfers.filter((made) => nonce.endsWith(String(made.nonce)));
    const taken = transfers.map(({ amount }) => amount);
    expect(taken.every((amount) => amount <= authorised)).toBe(true);
    payments.push({ ends, bodies: delivered.get(header) ?? new Set<string>(), taken });
  }
  expect(await account.state.balance()).toMatchObject({ available: 0, owed: 0 });
  const everything = { from: null, to: null, keyId: null, operation: null, cursor: null, limit: 9 };
  const { lines } = await account.state.usage(everything);
  const charged = lines.reduce((sum, line) => sum + line.amount, 0);
  return { payments, booked: BigInt(scheme === "upto" ? settledUnits(charged) : authorisedUnits(charged)) };
}

test("a payment is settled once for one answer, whatever fails", async () => {
  const kept = fc.asyncProperty(
    fc.constantFrom("upto", "exact"),
    fc.array(step, { maxLength: 8 }),
    async (scheme, steps) => {
      const observed = await play(scheme, steps);
      for (const name of invariants) {
        const fault = INVARIANTS[name](observed);
        if (fault !== null) throw new Error(`a payment ${name}: ${fault}`);
      }
    },
  );
  await fc.assert(kept, { numRuns: 60, endOnFailure: mutation !== null });
}, 60_000);
