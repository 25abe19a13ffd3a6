import type { JobEnd } from "../../../../schemas/jobs.ts";
import { LIMITS } from "../../../../schemas/limits.ts";
import { settled } from "../../accounts/model/processes.ts";
import { Tape } from "../../accounts/model/tape.ts";
import { batchOrder, INVALID, LINE, WITH_FILE } from "../test-batch.ts";
import { World } from "./world.ts";

const HOUR = 3_600_000;
const KEEP_SECONDS = 7 * 86_400;
/** Steps within which a batch comes to rest once nothing fails. */
const MOST_STEPS = 2_000;
const ENDS: readonly JobEnd[] = ["succeeded", "succeeded", "succeeded", "failed", "expired", "canceled"];

/** Plays one batch from a tape of choices until only its retention is left to do, and then until it is forgotten. */
export async function play(values: readonly number[]): Promise<World> {
  const tape = new Tape(values);
  const lines = Array.from({ length: 1 + tape.below(8) }, () => tape.pick([LINE, LINE, LINE, WITH_FILE, INVALID]));
  const world = new World(tape, batchOrder(lines, { maxConcurrent: 1 + tape.below(4), keepSeconds: KEEP_SECONDS }));
  const { processes } = world;
  const step = () => (processes.waiting > 0 ? processes.go(tape.below(processes.waiting)) : world.toNext(HOUR));
  const end = () => {
    const id = tape.pick(world.running);
    world.endJob(id, tape.pick(ENDS));
    // Some ends are told later, or never.
    if (tape.below(4) > 0) world.tell(id, tape.below(4) > 0);
  };
  const actions: Array<() => unknown> = [
    ...Array.from({ length: 16 }, () => step),
    ...Array.from({ length: 4 }, () => () => (world.running.length > 0 ? end() : step())),
    () => (world.jobs.size > 0 ? world.tell(tape.pick([...world.jobs.keys()]), tape.below(3) > 0) : step()),
    () => world.look(),
    () => world.begin(),
    () => world.kill(),
    () => (tape.below(6) === 5 ? world.cancel() : step()),
    () => (tape.below(6) === 5 ? world.dropAlarm() : step()),
  ];
  await world.begin();
  world.ring();
  while (!tape.isOver) {
    await tape.pick(actions)();
    world.ring();
    await settled();
  }
  await untilRest(world);
  await untilForgotten(world);
  return world;
}

/** Goes on until nothing is due within an hour. Nothing is lost any more, but no job tells its end by itself. */
async function untilRest(world: World): Promise<void> {
  const { processes } = world;
  for (let steps = 0; ; steps++) {
    await world.look();
    const isDue = world.alarmAt !== null && world.alarmAt < processes.now + HOUR;
    if (!world.isRinging && processes.waiting === 0 && world.facts?.endedAt != null && !isDue) return;
    if (steps > MOST_STEPS) return world.fault("ends each", "it does not come to rest");
    if (processes.waiting > 0) await processes.go(0);
    else {
      // What a batch that was canceled has running is ended by the batch alone.
      if (!world.isCanceled) world.endJob(world.running[0], "succeeded");
      await world.toNext(HOUR);
    }
    world.ring();
  }
}

/** Lets the time of the results pass, and then that of the counts. */
async function untilForgotten(world: World): Promise<void> {
  const known = world.facts;
  const pass = async (until: number) => {
    for (let steps = 0; steps < 50 && world.alarmAt !== null && world.alarmAt <= until; steps++) {
      await world.toNext(60 * 24 * HOUR);
    }
  };
  if (known?.expiresAt == null) return;
  await pass(known.expiresAt);
  world.atExpiry = world.tablesWithLines();
  await pass(known.expiresAt + LIMITS.jobRecordSeconds * 1_000);
  world.atClear = await world.state.facts(0);
}
