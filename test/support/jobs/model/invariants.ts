import { toNanoDollars } from "../../../../schemas/money.ts";
import { priceOf } from "../../../../schemas/prices.ts";
import type { RunEvent } from "../../../../src/pipeline/events.ts";
import { entitiesOf, foldEvents } from "../../../../src/pipeline/fold.ts";
import { ENDPOINT } from "./order.ts";
import type { World } from "./world.ts";

/** How late a job may end whose process did not die, and how much later when it did: until its alarm rings again. */
const LATE_MS = 250;
const AGAIN_MS = 2_000;

type Check = (world: World) => string | null;

const seen =
  (invariant: string): Check =>
  (world) =>
    world.faults.find(([name]) => name === invariant)?.[1] ?? null;

/** What is true of every job, whatever it reaches does and whenever its process dies. */
export const INVARIANTS = {
  "ends once, and its end and its answer never change": (world) =>
    seen("ends")(world) ?? (world.end === null ? `is ${world.job().state}` : null),
  "begins once": seen("begins"),
  "asks no model again what is answered, and none after its end": seen("asks"),
  "has one prediction for each attempt, and one attempt about a thing at a time": seen("creates"),
  "leaves no prediction that nobody awaits": ({ host }) => {
    const left = [...host.predictions.values()].find((one) => !one.isRead && !one.isCancelAsked);
    return left ? `${left.id} of ${left.attempt}` : null;
  },
  "ends by its deadline": (world) => {
    const { endedAt, order } = world.job();
    const late = (endedAt ?? Number.POSITIVE_INFINITY) - order.deadline;
    return late > LATE_MS + (world.kills > 0 ? AGAIN_MS : 0) ? `${late} ms late after ${world.kills} deaths` : null;
  },
  "is charged once for an answer or what was handed out before its end, at most what was admitted": (world) => {
    const rows = world.account.database.all<{ amount: number }>("SELECT amount FROM entries WHERE kind = 'charge'");
    const { payer, charge, state } = world.job();
    if (payer.kind !== "admitted") return rows.length === 0 ? null : `nobody pays, and ${rows.length} charges`;
    const told = charge ? toNanoDollars(charge.amount_usd) : 0;
    const handedOut = state === "canceled" ? amountOf(world.handedOut) : 0;
    const isCharged = state === "succeeded" || handedOut > 0;
    if (!isCharged && rows.some(({ amount }) => amount !== 0)) return `${state} and charged`;
    if (isCharged && rows.length !== 1) return `${state} and charged ${rows.length} times`;
    if (isCharged && -(rows[0]?.amount ?? 0) !== told) return `told ${told} and charged ${rows[0]?.amount}`;
    const due = Math.min(payer.facts.most, handedOut);
    if (state !== "succeeded" && told !== due) return `${state} and told ${told}, of ${due}`;
    if (told > payer.facts.most) return `charged ${told} of ${payer.facts.most}`;
    const open = world.account.database.all("SELECT 1 FROM reservations").length;
    if (open > 0) return "something is reserved behind the end";
    const [sum] = world.account.database.all<{ sum: number }>("SELECT sum(amount) AS sum FROM entries");
    const [account] = world.account.database.all<{ balance: number }>("SELECT balance FROM account");
    if (account?.balance !== sum?.sum) return `the balance is ${account?.balance}, of entries of ${sum?.sum}`;
    return (sum?.sum ?? 0) < 0 ? `the balance is ${sum?.sum}` : null;
  },
  "has events that are numbered upwards and never change": (world) => {
    const fault = seen("events")(world);
    if (fault !== null) return fault;
    for (const { number, event } of world.stored) {
      const read = world.read.get(number);
      if (read !== undefined && read !== event) return `event ${number} was read as something else`;
    }
    const unknown =
      world.answer === null
        ? []
        : [...world.read.keys()].filter((number) => !world.stored.some((one) => one.number === number));
    return unknown.length > 0 ? `event ${unknown[0]} is gone` : null;
  },
  "has an answer that is the sum of its events": (world) => {
    if (world.answer === null) return null;
    const events = world.stored.map(({ event }) => JSON.parse(event) as RunEvent);
    const folded = JSON.stringify(entitiesOf(foldEvents(events)));
    const answered = JSON.stringify(JSON.parse(world.answer).entities);
    return folded === answered ? null : `${answered} and not ${folded}`;
  },
  "tells its end once to whoever asked for it": (world) => {
    const { state, order } = world.job();
    const event = `job.${state}`;
    const asked: string[] = [];
    if (world.order.webhook?.events.some((one) => one === event)) asked.push("own");
    const endpoints = world.account.database.all("SELECT 1 FROM webhooks").length;
    const hasEndpoint = endpoints > 0 && order.payer.kind !== "nobody" && !world.isForgottenUntold;
    if (hasEndpoint && event === "job.succeeded") asked.push(ENDPOINT.id);
    const statement = "SELECT id, state, attempts FROM outbox ORDER BY id";
    const rows = world.database.all<{ id: string; state: string; attempts: number }>(statement);
    const expected = asked.map((receiver) => `msg_${order.id}_job_${state}_${receiver}`).sort();
    if (rows.map(({ id }) => id).join() !== expected.join()) return `messages ${rows.map(({ id }) => id)}`;
    for (const row of rows) {
      const posts = world.posts.filter(({ id }) => id === row.id);
      const last = posts.findIndex(({ isKnown, status }) => isKnown && (status === 204 || status === 410));
      if (last >= 0 && last < posts.length - 1) return `again after ${posts[last]?.status}`;
      const isTaken = last >= 0 && posts[last]?.status === 204;
      if (isTaken !== (row.state === "delivered")) return `${row.state}, and taken is ${isTaken}`;
      if (state === "canceled" && row.attempts === 0) return `${row.state} without an attempt`;
    }
    const strange = world.posts.find(({ id }) => !expected.includes(id));
    return strange ? `${strange.url} was sent ${strange.id}` : null;
  },
  "keeps nothing of a post that was canceled or has expired": (world) => {
    const fault = seen("keeps")(world);
    if (fault !== null) return fault;
    const { atExpiry, isCanceled, canceledAt, order } = world;
    // Where nobody pays, nobody knows whose masks else these are.
    const isPaid = order.payer.kind !== "nobody";
    const stores = world.atRest?.stores.filter((name) => isPaid || !name.startsWith("masks/")) ?? [];
    const atRest = world.atRest && { ...world.atRest, stores };
    const isUnstored = (order.fields as { store?: boolean }).store === false;
    const rest = isCanceled ? atRest : null;
    if (rest && rest.tables.length + rest.stores.length > 0) return `canceled: ${JSON.stringify(rest)}`;
    const deleted = atRest?.tables.filter((name) => name !== "outbox") ?? [];
    if (canceledAt !== null && deleted.length > 0) return `deleted: ${JSON.stringify(atRest)}`;
    if (!atExpiry) return null;
    const kept = atExpiry.stores.filter((name) => isUnstored || name.startsWith("jobs/"));
    // The names of entities in messages are kept as long as the state.
    const tables = atExpiry.tables.filter((name) => isUnstored || name !== "outbox");
    return tables.length + kept.length > 0 ? `expired: ${JSON.stringify(atExpiry)}` : null;
  },
} as const satisfies Readonly<Record<string, Check>>;

/** The price of findings of `/v1/recognize`, in nano-dollars: counted here by their events alone. */
function amountOf(findings: readonly string[]): number {
  const events = findings.map((event) => JSON.parse(event) as RunEvent).filter(({ event }) => event !== "problem");
  if (events.length === 0) return 0;
  const entities = new Set<string>();
  let masks = 0;
  for (const found of events) {
    if (found.event === "visibility" && found.visibility.visible !== null) entities.add(found.entity_id);
    if (found.event === "region") entities.add(found.entity_id);
    if (found.event === "mask" && found.mask.mask !== null) masks++;
  }
  return priceOf("recognize", { calls: 1, entities: entities.size, masks });
}

export type JobInvariant = keyof typeof INVARIANTS;
