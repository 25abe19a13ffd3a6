import { expect, test } from "vitest";
import { ProblemError } from "../../../schemas/problem.ts";
import type { OutsidePayment, OutsideSettlement } from "../../../src/accounts/outside-payment.ts";
import { admit, isReplay, type PaidRequest } from "../../../src/accounts/paid-request.ts";
import { AnswerStore } from "../../../src/storage/answer-store.ts";
import { admitCall, TestAccount } from "../../support/accounts/account.ts";

const SETTLED: OutsideSettlement = { outcome: "settled", receipt: "receipt" };
const DOUBT: OutsideSettlement = { outcome: "in_doubt", reason: "nothing was heard" };
const REFUSED: OutsideSettlement = { outcome: "refused", reason: "no_money", receipt: "refusal" };
const repeatable = { key: "permit2:1", fingerprint: "one" };

/** An account of a payer, and requests with one payment, of which the settlements come out as listed. */
class Payer {
  readonly account = new TestAccount("x402-0xabc");
  readonly settled: Array<{ amount: number; doubted: boolean }> = [];
  verified = 0;
  #requests = 0;

  async send(keeps: boolean, ...settlements: readonly OutsideSettlement[]): Promise<string> {
    const left = [...settlements];
    const payment: OutsidePayment = {
      verify: async () => void this.verified++,
      amount: (price) => price,
      settle: async (amount, doubted) => {
        this.settled.push({ amount, doubted });
        return left.shift() ?? DOUBT;
      },
      refused: async ({ reason, receipt }) =>
        new ProblemError("payment_invalid", reason, {}, { "PAYMENT-RESPONSE": receipt }),
    };
    const call = admitCall(`req_${++this.#requests}`, { credential: { payment: true }, repeatable });
    const request: PaidRequest = { ...call, account: "x402-0xabc", payment, keeps };
    try {
      const admitted = await admit(request, {
        account: () => this.account.state,
        answers: new AnswerStore(this.account.bucket.asBucket()),
        timer: () => new AbortController().signal,
        sleep: async () => undefined,
        log: () => undefined,
        howToPay: "Pay.",
        waitUntil: () => undefined,
      });
      if (isReplay(admitted)) {
        const text = await new Response(admitted.body as BodyInit).text();
        return `${text}, again, ${admitted.kept.paymentResponse}`;
      }
      const text = `run ${this.#requests}`;
      const answer = { status: 200, contentType: "application/json", body: new TextEncoder().encode(text) };
      const delivery = { units: { calls: 1, entities: 0, masks: 0 }, cost: null, left: [] };
      const headers = await admitted.settle(delivery, answer).catch(async (error) => {
        // As the routes do with what fails.
        await admitted.release();
        throw error;
      });
      return `${text}, ${headers["PAYMENT-RESPONSE"]}`;
    } catch (error) {
      if (error instanceof ProblemError) return error.code;
      throw error;
    }
  }
}

test("delivers what was settled, and again without asking the facilitator", async () => {
  const payer = new Payer();
  expect(await payer.send(true, SETTLED)).toBe("run 1, receipt");
  expect(await payer.send(true)).toBe("run 1, again, receipt");
  expect(payer.settled).toHaveLength(1);
  expect(payer.verified).toBe(1);
});

test("keeps an answer in doubt until it is settled", async () => {
  const payer = new Payer();
  expect(await payer.send(true, DOUBT)).toBe("payment_in_doubt");
  expect(await payer.send(true, REFUSED)).toBe("payment_in_doubt");
  expect(await payer.send(true, SETTLED)).toBe("run 1, again, receipt");
  expect(await payer.send(true)).toBe("run 1, again, receipt");
  expect(payer.settled.map(({ doubted }) => doubted)).toEqual([false, true, true]);
  expect(new Set(payer.settled.map(({ amount }) => amount)).size).toBe(1);
});

test("drops the answer of a payment that was refused, and lets it be tried again", async () => {
  const payer = new Payer();
  expect(await payer.send(true, REFUSED)).toBe("payment_invalid");
  expect(payer.account.bucket.objects.size).toBe(0);
  expect(await payer.send(true, SETTLED)).toBe("run 2, receipt");
});

test("with store: false keeps an answer until it was sent", async () => {
  const payer = new Payer();
  expect(await payer.send(false, DOUBT)).toBe("payment_in_doubt");
  expect(payer.account.bucket.objects.size).toBe(1);
  expect(await payer.send(false, SETTLED)).toBe("run 1, again, receipt");
  expect(payer.account.bucket.objects.size).toBe(0);
  expect(await payer.send(false)).toBe("answer_not_kept");
  const other = new Payer();
  expect(await other.send(false, SETTLED)).toBe("run 1, receipt");
  expect(other.account.bucket.objects.size).toBe(0);
});

test("settles no doubt while the answer cannot be read", async () => {
  const payer = new Payer();
  const { bucket } = payer.account;
  expect(await payer.send(false, DOUBT)).toBe("payment_in_doubt");
  const get = bucket.get.bind(bucket);
  bucket.get = async (key) => {
    const broken = new ReadableStream({ start: (controller) => controller.error(new Error("R2 broke off")) });
    const found = await get(key);
    return found && { ...found, body: broken, size: 5 };
  };
  await expect(payer.send(false, SETTLED)).rejects.toThrow("R2 broke off");
  expect(payer.settled).toHaveLength(1);
  bucket.get = get;
  expect(await payer.send(false, SETTLED)).toBe("run 1, again, receipt");
});

test("settles nothing when the answer cannot be kept", async () => {
  const payer = new Payer();
  payer.account.bucket.before = async (operation) => {
    if (operation === "put") throw new Error("R2 cannot be reached");
  };
  expect(await payer.send(true, SETTLED)).toBe("deadline_exceeded");
  expect(payer.settled).toEqual([]);
  payer.account.bucket.before = async () => undefined;
  expect(await payer.send(true, SETTLED)).toBe("run 2, receipt");
});
