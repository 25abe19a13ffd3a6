import { type Sending, World } from "./world.ts";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const SCHEDULE_MS = [5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR];
const TRIED_MS = 3 * DAY;

type Check = (world: World) => string | null;

/** What is true of every message, whatever its receiver does and whenever its sender is killed. */
export const INVARIANTS = {
  "is delivered or has failed at last": (world) => {
    const states = world.states();
    const left = states.filter(({ state }) => state !== "delivered" && state !== "failed");
    if (states.length !== world.ids.length) return `${states.length} of ${world.ids.length} are there`;
    return left.length > 0 ? `${left[0]?.id} is ${left[0]?.state}` : (world.faults[0] ?? null);
  },
  "has one id and one body, and is signed each time": (world) => {
    for (const { url, id, isSigned, body } of world.sendings) {
      if (!world.ids.includes(id) || world.urlOf(id) !== url) return `${url} was sent ${id}`;
      if (body !== World.body) return `${id} was sent as ${body}`;
      if (!isSigned) return `${id} was sent with a wrong signature`;
    }
    return null;
  },
  "is sent at most eight times, and once more for each kill": (world) =>
    each(world, (id, sendings) => {
      const most = 8 * (1 + redeliveries(world, id).length) + world.kills;
      return sendings.length > most ? `${sendings.length} times, and not ${most}` : null;
    }),
  "is not sent again once it is known to be taken, or its receiver to be gone": (world) =>
    each(world, (id, sendings) => {
      for (const { ended } of sendings) {
        if (ended?.status !== 204 && ended?.status !== 410) continue;
        const later = sendings.find(({ begun }) => begun.event > ended.event);
        const isAsked = redeliveries(world, id).some((event) => later && event < later.begun.event);
        if (later && !isAsked) return `again after HTTP ${ended.status}`;
      }
      return null;
    }),
  "is not sent earlier than its schedule and its receiver say": (world) =>
    each(world, (id, sendings) => {
      let [failures, earliest, round] = [0, 0, -1];
      for (const { begun, ended } of sendings) {
        const asked =
          redeliveries(world, id)
            .filter((event) => event < begun.event)
            .at(-1) ?? -1;
        if (asked > round) [failures, earliest, round] = [0, 0, asked];
        if (begun.time < earliest) return `${earliest - begun.time} ms too early, after failure ${failures}`;
        if (!ended || redeliveries(world, id).some((event) => event > begun.event && event < ended.event)) continue;
        earliest = ended.time + waitMs(++failures, ended);
      }
      return null;
    }),
  "is delivered only when its receiver took it": (world) =>
    each(world, (id, sendings) => {
      const isDelivered = world.states().some((row) => row.id === id && row.state === "delivered");
      return isDelivered && !sendings.some(({ isTaken }) => isTaken) ? "delivered and not taken" : null;
    }),
  "is given up only for a reason": (world) =>
    each(world, (id, sendings) => {
      if (!world.states().some((row) => row.id === id && row.state === "failed")) return null;
      const round = world.redelivered.filter((one) => one.id === id).at(-1) ?? { event: -1, time: world.startedAt };
      const failed = sendings.flatMap(({ ended }) => (ended && ended.event > round.event ? [ended] : []));
      const last = failed.at(-1);
      const next = last ? last.time + 1.2 * waitMs(failed.length, last) : world.processes.now;
      const isFair =
        last?.status === 410 ||
        [...world.disabled].some((endpoint) => id.endsWith(endpoint)) ||
        Math.max(next, world.processes.now) > round.time + TRIED_MS ||
        failed.length >= 8 ||
        world.droppedAt !== null;
      return isFair ? null : `given up after ${failed.length} failures`;
    }),
} as const satisfies Readonly<Record<string, Check>>;

export type MessageInvariant = keyof typeof INVARIANTS;

/** The first message of which something is wrong. */
function each(world: World, check: (id: string, sendings: readonly Sending[]) => string | null): string | null {
  for (const id of world.ids) {
    const fault = check(
      id,
      world.sendings.filter((sending) => sending.id === id),
    );
    if (fault !== null) return `${id} was sent ${fault}`;
  }
  return null;
}

/** How long to wait at least after so many failures. */
function waitMs(failures: number, { status, retryAfterS }: NonNullable<Sending["ended"]>): number {
  const obeyed = status === 429 || status === 503 ? Math.min(1000 * retryAfterS, DAY) : 0;
  return Math.max(SCHEDULE_MS[failures - 1] ?? 0, obeyed);
}

function redeliveries(world: World, id: string): number[] {
  return world.redelivered.filter((one) => one.id === id).map(({ event }) => event);
}
