import { isEnd } from "../../../../schemas/jobs.ts";
import type { World } from "./world.ts";

type Check = (world: World) => string | null;

const seen =
  (invariant: string): Check =>
  (world) =>
    world.faults.find(([name]) => name === invariant)?.[1] ?? null;

/** What is true of every batch, whatever is lost or late and whenever its process dies. */
export const INVARIANTS = {
  "ends each line once, and its end never changes": (world) => {
    const fault = seen("ends each")(world);
    if (fault !== null) return fault;
    const missing = world.order.lines.findIndex((_, index) => !world.ends.has(index + 1));
    if (missing >= 0) return `line ${missing + 1} has not ended`;
    const jobs = [...world.jobs.values()];
    const wrong = jobs.find(({ order, state }) => !world.ends.get(order.batch?.line ?? 0)?.endsWith(` ${state}`));
    return wrong
      ? `${wrong.order.id} is ${wrong.state}, its line ${world.ends.get(wrong.order.batch?.line ?? 0)}`
      : null;
  },
  "runs at most as many jobs at a time as may": seen("runs"),
  "begins one job for each line that runs": (world) => {
    const fault = seen("begins")(world);
    if (fault !== null) return fault;
    const valid = world.order.lines.filter((line) => !("problem" in line)).length;
    const begun = world.jobs.size;
    const due = valid - world.unstarted.size;
    return begun === due ? null : `${begun} jobs of ${due} lines`;
  },
  "counts what each answer cost once": ({ jobs, facts }) => {
    const cost = [...jobs.values()].reduce((sum, { amount }) => sum + amount, 0);
    return facts?.cost === cost ? null : `${facts?.cost} and not ${cost}`;
  },
  "tells its end once, with what all answers cost": ({ told, facts }) => {
    if (told.size !== 1) return `${told.size} messages`;
    const [message = "{}"] = told;
    const { cost, endedAt } = JSON.parse(message);
    return cost === facts?.cost && endedAt === facts?.endedAt ? null : `${message} of ${JSON.stringify(facts)}`;
  },
  "cancels what runs, and starts nothing behind it": (world) => {
    const fault = seen("cancels")(world);
    if (fault !== null) return fault;
    const left = [...world.jobs.values()].find(({ state }) => !isEnd(state));
    return left ? `${left.order.id} runs behind the end` : null;
  },
  "keeps no text that a job has, no picture without one, and nothing behind its time": (world) => {
    const fault = seen("keeps")(world);
    if (fault !== null) return fault;
    const { order, jobs, deletedPictures, atExpiry, atClear } = world;
    const unused = order.lines.flatMap((line, index) => {
      const id = `${order.id}-${index + 1}`;
      return !("problem" in line) && line.image?.kind === "stored" && !jobs.has(id) ? [id] : [];
    });
    if ([...deletedPictures].sort().join() !== unused.sort().join())
      return `deleted ${[...deletedPictures]} of ${unused}`;
    if (atExpiry === null || atExpiry.length > 0) return `behind the results' time: ${atExpiry}`;
    return atClear === null ? null : "the counts are kept for ever";
  },
} as const satisfies Readonly<Record<string, Check>>;

export type BatchInvariant = keyof typeof INVARIANTS;
