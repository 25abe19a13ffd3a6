import { toUtf8 } from "../../../../schemas/encodings.ts";
import { toNanoDollars } from "../../../../schemas/money.ts";
import { priceOf, type Units } from "../../../../schemas/prices.ts";
import { ProblemError } from "../../../../schemas/problem.ts";
import type { OutsidePayment } from "../../../../src/accounts/outside-payment.ts";
import { admit, isReplay, type PaidDependencies, type PaidRequest } from "../../../../src/accounts/paid-request.ts";
import type { ObservedRequest } from "./observation.ts";
import type { Process } from "./processes.ts";
import type { Tape } from "./tape.ts";
import { ACCOUNT, type World } from "./world.ts";

const DEADLINE_MS = 30_000;
const FACILITATOR_MS = 5_000;
/** The most that a request of the model's may ask for. */
const MOST: Readonly<Record<"mner" | "recognize", Units>> = {
  mner: { calls: 1, entities: 0, masks: 0 },
  recognize: { calls: 1, entities: 2, masks: 2 },
};

/** What a caller asks. */
export interface Asked {
  readonly credential: "live" | "other" | "test" | "payment";
  readonly operation: "mner" | "recognize";
  /** The `Idempotency-Key`, or the payment's nonce; null without one. */
  readonly key: string | null;
  readonly body: string;
  readonly store: boolean;
}

/** Serves one request as a route does: admitted, run, settled or released, answered. Never rejects. */
export async function serve(world: World, process: Process, id: string, asked: Asked, tape: Tape): Promise<void> {
  const { processes } = world;
  const { credential, operation, key, body, store } = asked;
  const isPayment = credential === "payment";
  const most = priceOf(operation, MOST[operation]);
  const mode = credential === "test" || isPayment ? credential : "live";
  const observed: ObservedRequest = {
    id,
    name: key === null ? null : `${isPayment ? credential : `${mode} ${operation}`} ${key}`,
    mode,
    most,
    run: null,
    body: null,
    told: null,
    storedAt: null,
    deliveredAt: null,
    settlements: [],
    settledAt: null,
    releasedAt: null,
    isForgotten: false,
  };
  world.requests.set(id, observed);
  const request: PaidRequest = {
    account: ACCOUNT,
    credential: isPayment ? { payment: true } : { key: credential, scope: null },
    requestId: id,
    operation,
    most,
    deadline: processes.now + DEADLINE_MS,
    bodyBytes: 100,
    entities: 2,
    repeatable: key === null ? null : { key, fingerprint: `${operation} ${body}` },
    ...(isPayment && { payment: paymentOf(world, process, key ?? "", tape), keeps: store }),
  };
  try {
    const admitted = await admit(request, dependenciesOf(world, process));
    if (isReplay(admitted)) {
      const bytes = new Uint8Array(await new Response(admitted.body as unknown as BodyInit).arrayBuffer());
      world.replays.push({ first: admitted.first.requestId, bytes });
      return;
    }
    const run = { from: world.events++, time: processes.now, until: Number.POSITIVE_INFINITY };
    observed.run = run;
    process.atEnd = () => {
      run.until = Math.min(run.until, world.events++);
    };
    const delivered = await runModels(world, process, request, tape);
    run.until = world.events++;
    if (!delivered) return await admitted.release();
    const charge = admitted.charge(delivered.units);
    const bytes = toUtf8(JSON.stringify({ id, charge }));
    observed.body = bytes;
    observed.told = toNanoDollars(charge.amount_usd);
    const isKept = isPayment || (key !== null && store);
    const answer = { status: 200, contentType: "application/json", body: bytes };
    await admitted.settle({ ...delivered, left: [`masks/${body}`, `masks/${id}`] }, isKept ? answer : null);
    observed.deliveredAt = world.events++;
  } catch (error) {
    if (!(error instanceof ProblemError)) world.errors.push(`request: ${error instanceof Error ? error.stack : error}`);
  }
}

/** Resolves with what a run delivered; null where it failed, its caller left or its time was over. */
async function runModels(world: World, process: Process, { operation, deadline }: PaidRequest, tape: Tape) {
  const { processes } = world;
  const isLate = processes.sleep(process, Math.max(0, deadline - processes.now)).then(() => true);
  if (await Promise.race([isLate, processes.step(process).then(() => false)])) return null;
  if (tape.pick(["answers", "answers", "answers", "fails"]) === "fails") return null;
  // Models may find more than was asked for.
  const [entities, masks] = operation === "mner" ? [0, 0] : [tape.below(4), tape.below(4)];
  return { units: { calls: 1, entities, masks }, cost: tape.pick([1_000, null]) };
}

function dependenciesOf(world: World, process: Process): PaidDependencies {
  const { processes } = world;
  return {
    account: () => world.accountOf(process),
    answers: world.answersOf(process),
    howToPay: "",
    timer: (milliseconds) => processes.timer(process, milliseconds),
    sleep: (milliseconds) => processes.sleep(process, milliseconds),
    log: () => undefined,
    waitUntil: (work) => void work.catch((error) => world.errors.push(`behind the answer: ${error}`)),
  };
}

/** A payment whose settlement is made, refused or in doubt, as the tape says; what was made or refused stays so. */
function paymentOf(world: World, process: Process, nonce: string, tape: Tape): OutsidePayment {
  const { processes, chain } = world;
  return {
    async verify() {
      const isLate = processes.sleep(process, FACILITATOR_MS).then(() => true);
      if (await Promise.race([isLate, processes.step(process)]))
        throw new ProblemError("facilitator_unavailable", "late");
    },
    amount: (price) => price,
    async settle() {
      const isLate = processes.sleep(process, FACILITATOR_MS).then(() => true);
      if (await Promise.race([isLate, processes.step(process)])) return { outcome: "in_doubt", reason: "late" };
      const end = chain.get(nonce) ?? tape.pick(["settled", "settled", "refused", "in_doubt"] as const);
      if (end === "in_doubt") return { outcome: end, reason: "the facilitator did not answer" };
      chain.set(nonce, end);
      return { outcome: end, receipt: "receipt", reason: "the payer has too little" };
    },
    refused: async () => new ProblemError("payment_required", "refused"),
  };
}
