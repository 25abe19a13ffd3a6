import { vi } from "vitest";
import { isEnd } from "../../../../schemas/jobs.ts";
import { LIMITS } from "../../../../schemas/limits.ts";
import type { AdmittedFacts } from "../../../../src/accounts/paid-request.ts";
import type { JobOrder, JobPayer } from "../../../../src/jobs/calls.ts";
import { admitCall, NOON, TestAccount } from "../../accounts/account.ts";
import { settled } from "../../accounts/model/processes.ts";
import { Tape } from "../../accounts/model/tape.ts";
import { JOB_ID, jobOrder, unstored } from "../test-job.ts";
import { ACCOUNT, World } from "./world.ts";

const SECRET = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
const MOST = 79_000_000;
const HOUR = 3_600_000;

/** Plays one job from a tape of choices until only its retention is left to do, and then until it is forgotten. */
export async function play(values: readonly number[]): Promise<World> {
  const tape = new Tape(values);
  const account = await TestAccount.open({ money: tape.pick([1_000_000_000, 1_000_000_000, MOST - 1]) });
  const world = new World(tape, account);
  const { processes } = world;
  // Providers give a cancel the time of the platform.
  vi.spyOn(AbortSignal, "timeout").mockImplementation(world.platformTimer);
  const order = await orderOf(tape, account);
  world.order = order;
  const begin = async () => {
    const isFirst = world.database.all("SELECT 1 FROM sqlite_master WHERE name = 'job'").length === 0;
    const before = isFirst ? "" : JSON.stringify(world.database.all("SELECT * FROM job"));
    const again = { ...order, reference: isFirst ? null : "another" };
    if ((await world.state.begin(again)) !== isFirst) world.fault("begins", "a second begin began it");
    if (!isFirst && JSON.stringify(world.database.all("SELECT * FROM job")) !== before) {
      world.fault("begins", "a second begin changed it");
    }
  };
  const step = () => (processes.waiting > 0 ? processes.go(tape.below(processes.waiting)) : world.toNext());
  const actions: Array<() => unknown> = [
    ...Array.from({ length: 24 }, () => step),
    begin,
    () => world.kill(),
    () => world.look(),
    () => world.look(),
    () => world.readEvents(tape.below(12)),
    () => {
      if (tape.below(8) === 7) return world.cancel();
    },
    () => world.toNext(),
  ];
  await begin();
  world.ring();
  while (!tape.isOver) {
    await tape.pick(actions)();
    world.ring();
    await settled();
  }
  await world.look();
  world.points.isCalm = true;
  const isPending = () => {
    const { state } = world.job();
    const due = Math.min(world.alarmAt ?? Number.POSITIVE_INFINITY);
    return world.isRinging || processes.waiting > 0 || !isEnd(state) || due < processes.now + 24 * HOUR;
  };
  for (let steps = 0; isPending(); steps++) {
    if (process.env.TAPE)
      console.log(
        "T",
        processes.now - NOON,
        world.isRinging,
        processes.waiting,
        (world.alarmAt ?? 0) - NOON,
        world.job().state,
        JSON.stringify(world.database.all("SELECT * FROM duties")),
        JSON.stringify(world.database.all("SELECT state, next_at FROM outbox")),
      );
    if (steps > 3_000) {
      world.fault("ends", `the job does not come to rest: ${JSON.stringify(world.job())}`);
      break;
    }
    if (processes.waiting > 0) await processes.go(0);
    else await world.toNext();
    world.ring();
  }
  await world.rest();
  return world;
}

async function orderOf(tape: Tape, account: TestAccount): Promise<JobOrder> {
  const deadline = NOON + tape.pick([600_000, 600_000, 60_000, 5_000]);
  const settleMs = LIMITS.jobSettleSeconds * 1000;
  const credential = { key: "live", scope: "recognize" } as const;
  const call = admitCall(JOB_ID, { credential, most: MOST, deadline, settleMs });
  let payer: JobPayer = { kind: "nobody" };
  const kind = tape.pick(["admitted", "asks", "nobody"] as const);
  if (kind === "asks") payer = { kind, credential, most: MOST, bodyBytes: 1_000, entities: 25 };
  if (kind === "admitted") {
    const admission = await account.state.admit(call);
    if (admission.outcome === "admitted") {
      const { keyId, mode, most, available } = admission;
      const facts: AdmittedFacts = {
        account: ACCOUNT,
        requestId: JOB_ID,
        operation: "recognize",
        mode,
        keyId,
        most,
        available,
      };
      payer = { kind, facts };
    }
  }
  const webhook = {
    url: "https://own.example.com/hook",
    events: ["job.succeeded", "job.failed"],
    secret: SECRET,
  } as const;
  return jobOrder({
    account: ACCOUNT,
    payer,
    deadline,
    ...(tape.below(3) === 2 && unstored()),
    webhook: tape.below(2) === 0 ? { ...webhook, events: [...webhook.events, "job.canceled", "job.expired"] } : null,
    image: tape.below(5) === 4 ? null : { kind: "address", url: "https://pictures.example.com/cat.png" },
  });
}
