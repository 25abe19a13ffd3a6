import { LIMITS } from "../../../../schemas/limits.ts";
import type { JobOrder, JobPayer } from "../../../../src/jobs/calls.ts";
import { admitCall, NOON, TestAccount } from "../../accounts/account.ts";
import type { Tape } from "../../accounts/model/tape.ts";
import { ADDRESS, JOB_ID, jobOrder, unstored } from "../test-job.ts";

export const ACCOUNT = "newsroom";
/** The account's endpoint, which is told of answers only. */
export const ENDPOINT = { id: "wh_1", url: "https://wh-1.example.com/hook", events: ["job.succeeded"] } as const;
export const OWN_URL = "https://own.example.com/hook";
const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const ANSWERED = ["job.succeeded", "job.failed"] as const;
const ALL = [...ANSWERED, "job.canceled", "job.expired"] as const;
const CREDENTIAL = { key: "live", scope: "recognize" } as const;
/** What a job may cost at most, in nano-dollars: more than it does, or less. */
const MOST = [79_000_000, 79_000_000, 5_000_000];

/** An account with money, or with too little, and with an endpoint or without one. */
export async function openAccount(tape: Tape): Promise<TestAccount> {
  const account = await TestAccount.open({ money: tape.pick([1_000_000_000, 1_000_000_000, 1_000_000]) });
  if (tape.below(3) > 0) await account.state.createWebhook({ ...ENDPOINT, secret: SECRET, name: "" });
  return account;
}

/** A post by one of all payers, with a picture and a webhook or without. */
export async function chooseOrder(tape: Tape, account: TestAccount): Promise<JobOrder> {
  const deadline = NOON + tape.pick([600_000, 600_000, 60_000, 5_000]);
  const events = tape.pick([ALL, ALL, ANSWERED, null]);
  return jobOrder({
    account: ACCOUNT,
    payer: await choosePayer(tape, account, deadline),
    deadline,
    ...(tape.below(3) === 2 && unstored()),
    webhook: events && { url: OWN_URL, events, secret: SECRET },
    image: tape.below(6) === 5 ? null : { kind: "address", url: ADDRESS },
  });
}

async function choosePayer(tape: Tape, account: TestAccount, deadline: number): Promise<JobPayer> {
  const kind = tape.pick(["admitted", "asks", "nobody"] as const);
  const most = tape.pick(MOST);
  if (kind === "asks") return { kind, credential: CREDENTIAL, most, bodyBytes: 1_000, entities: 25 };
  if (kind === "nobody") return { kind };
  const settleMs = LIMITS.jobSettleSeconds * 1000;
  const call = admitCall(JOB_ID, { credential: CREDENTIAL, most, deadline, settleMs });
  const admission = await account.state.admit(call);
  // Without money its request is refused, and another one is made for which nobody pays.
  if (admission.outcome !== "admitted") return { kind: "nobody" };
  const { keyId, mode, available } = admission;
  const facts = { account: ACCOUNT, requestId: JOB_ID, operation: "recognize", mode, keyId, available } as const;
  return { kind, facts: { ...facts, most: admission.most } };
}
