import { LIMITS } from "../../../schemas/limits.ts";
import type { AccountCalls } from "../../../src/accounts/calls.ts";
import type { JobOrder } from "../../../src/jobs/calls.ts";
import { admitCall, TestAccount } from "../accounts/account.ts";
import { jobOrder, TestJob } from "./test-job.ts";

const { operation, most, bodyBytes, entities } = admitCall("");

/** An order for which its account pays once it is asked. */
export const askingOrder = (more: Partial<JobOrder> = {}): JobOrder =>
  jobOrder({
    account: "newsroom",
    operation,
    payer: { kind: "asks", credential: { key: "live", scope: "recognize" }, most, bodyBytes, entities },
    ...more,
  });

/** A job whose account is a real one in memory, on the job's clock, and is down when the test says so. */
export class PaidJob extends TestJob {
  readonly account: TestAccount;
  /** Names of the methods that the account was called by, in order. */
  readonly calls: string[] = [];
  /** Decides whether a call fails. */
  isDown: (method: string) => boolean = () => false;

  private constructor(account: TestAccount) {
    super();
    this.account = account;
    const at = () => this.#calls();
    this.more = { access: { mode: "keys", accounts: { at } } as never };
    this.evict();
  }

  static async open(options?: Parameters<(typeof TestAccount)["open"]>[0]): Promise<PaidJob> {
    return new PaidJob(await TestAccount.open(options));
  }

  /** An order that was admitted before the job begins. */
  async admittedOrder(more: Partial<JobOrder> = {}): Promise<JobOrder> {
    const order = jobOrder({ account: "newsroom", ...more });
    const settleMs = LIMITS.jobSettleSeconds * 1000;
    const call = admitCall(order.id, { deadline: order.deadline, settleMs });
    const admission = await this.account.state.admit(call);
    if (admission.outcome !== "admitted") throw new Error(admission.outcome);
    const { mode, keyId, available } = admission;
    const facts = { account: order.account, requestId: order.id, operation, mode, keyId, most, available };
    return { ...order, payer: { kind: "admitted", facts } };
  }

  /** What is neither spent nor reserved, and what is reserved, in nano-dollars. */
  async money() {
    const { available, reserved } = await this.account.state.balance();
    return { available, reserved };
  }

  #calls(): AccountCalls {
    const call =
      (method: string) =>
      async (...values: never[]) => {
        this.calls.push(method);
        this.account.now = this.time.now;
        if (this.isDown(method)) throw new Error("the account is down");
        return (this.account.state as unknown as Record<string, (...values: never[]) => unknown>)[method]?.(...values);
      };
    return new Proxy({}, { get: (_, method) => call(String(method)) }) as AccountCalls;
  }
}
