import { LIMITS } from "../../../../schemas/limits.ts";
import type { Observation, ObservedRequest } from "./observation.ts";

/** What is wrong about the requests of a world; null when nothing is. */
type Check = (observation: Observation) => string | null;

/** What is true of every paid request, whatever is lost, late, repeated or broken. */
export const INVARIANTS = {
  "ends with an answer or a problem": ({ errors }) => errors[0] ?? null,
  "is settled once, whatever is repeated": ({ requests }) => {
    for (const { id, mode, settlements } of requests) {
      const isSame = settlements.every((amount) => amount !== null && amount === settlements[0]);
      if (!isSame && mode !== "payment") return `${id} was settled with ${settlements}`;
    }
    return null;
  },
  "runs under its key alone": ({ requests }) => {
    for (const [one, other] of pairs(requests)) {
      if (one.run.from < other.run.until && other.run.from < one.run.until) return `${one.id} and ${other.id}`;
    }
    return null;
  },
  "does not run again once its answer counts": ({ requests, charges }) => {
    for (const [first, second] of pairs(requests)) {
      const counts = first.settledAt ?? (first.deliveredAt === null ? null : first.storedAt);
      if (!counts || counts.event > second.run.from) continue;
      // A payment that was refused, or a settlement that came after the end of its reservation, delivers nothing.
      if (first.settledAt && !charges.has(first.id) && first.mode !== "payment") continue;
      if (first.mode === "payment" && first.deliveredAt === null) continue;
      const isOld = second.run.time >= counts.time + LIMITS.idempotencySeconds * 1000;
      if (!isOld) return `${second.id} ran although ${first.id} had been answered`;
    }
    return null;
  },
  "is repeated byte by byte": ({ requests, replays }) => {
    const bodies = new Map(requests.map(({ id, body }) => [id, body]));
    const different = replays.find(({ first, bytes }) => !isSame(bodies.get(first) ?? null, bytes));
    return different ? `the answer of ${different.first} was repeated with other bytes` : null;
  },
  "leaves a balance that is the sum of its entries and not below zero": ({ sums }) => {
    const wrong = sums.find(({ balance, entries }) => balance !== entries || balance < 0);
    return wrong ? `the balance is ${wrong.balance}, its entries are ${wrong.entries}` : null;
  },
  "reserves money that nobody else has reserved": ({ sums }) => {
    const wrong = sums.find(({ balance, held }) => held > balance);
    return wrong ? `${wrong.held} of ${wrong.balance} were reserved` : null;
  },
  "gives back what it reserved": ({ reservations }) =>
    reservations === 0 ? null : `${reservations} reservations were left`,
  "costs at most what was authorised, and what its answer says": ({ requests, charges }) => {
    for (const { id, most, told, mode } of requests) {
      const amount = charges.get(id) ?? 0;
      if (told !== null && told > most) return `${id} says ${told} of at most ${most}`;
      if (amount > most || (mode !== "payment" && told !== null && amount > told)) {
        return `${id} says ${told} of at most ${most} and costs ${amount}`;
      }
    }
    return null;
  },
  "is charged what it delivered, once that was stored": ({ requests, charges }) => {
    for (const { id, mode, deliveredAt, storedAt, settledAt } of requests) {
      const isRecorded = storedAt !== null || settledAt !== null;
      if (mode !== "payment" && deliveredAt !== null && isRecorded && !charges.has(id)) return `${id} costs nothing`;
    }
    return null;
  },
  "costs nothing with a test key": ({ requests, charges }) => {
    const charged = requests.find(({ id, mode, told }) => mode === "test" && (charges.get(id) || told));
    return charged ? `${charged.id} costs ${charges.get(charged.id)}` : null;
  },
  "leaves each transfer counted once": ({ transfers, sums, requests, charges }) => {
    const last = sums.at(-1);
    const arrived = transfers.filter((transfer) => transfer.arrived).reduce((sum, { amount }) => sum + amount, 0);
    const paid = requests
      .filter(({ mode }) => mode !== "payment")
      .reduce((sum, { id }) => sum + (charges.get(id) ?? 0), 0);
    const has = (last?.balance ?? 0) - (last?.owed ?? 0);
    return has === arrived - paid ? null : `${arrived} came, ${paid} were charged and ${has} are there`;
  },
  "is added up without a change of any sum": ({ addedUp: { before, after } }) => {
    if (before.charges !== before.usage) return `the ledger says ${before.charges}, the usage ${before.usage}`;
    const isSameSum =
      before.charges === after.charges && before.usage === after.usage && before.balance === after.balance;
    return isSameSum ? null : `${JSON.stringify(before)} became ${JSON.stringify(after)}`;
  },
  "is not admitted with a revoked key": ({ intrusions }) => (intrusions === 0 ? null : `${intrusions} were`),
} as const satisfies Record<string, Check>;

export type PaidInvariant = keyof typeof INVARIANTS;

type RunRequest = ObservedRequest & { readonly run: NonNullable<ObservedRequest["run"]> };

/** Two requests that ran under one key, the earlier first. */
function* pairs(requests: readonly ObservedRequest[]): Generator<readonly [RunRequest, RunRequest]> {
  const ran = requests.filter((request): request is RunRequest => request.run !== null && request.name !== null);
  for (const first of ran) {
    for (const second of ran) {
      if (first.name === second.name && first.run.from < second.run.from) yield [first, second];
    }
  }
}

function isSame(one: Uint8Array | null, other: Uint8Array): boolean {
  return one !== null && one.length === other.length && one.every((byte, index) => byte === other[index]);
}
