import { vi } from "vitest";
import { isEnd } from "../../../../schemas/jobs.ts";
import { settled } from "../../accounts/model/processes.ts";
import { Tape } from "../../accounts/model/tape.ts";
import { chooseOrder, openAccount } from "./order.ts";
import { World } from "./world.ts";

const DAY = 86_400_000;
/** Steps within which a job comes to rest once nothing fails. */
const MOST_STEPS = 3_000;

/** Plays one job from a tape of choices until only its retention is left to do, and then until it is forgotten. */
export async function play(values: readonly number[]): Promise<World> {
  const tape = new Tape(values);
  const account = await openAccount(tape);
  const world = new World(tape, account, await chooseOrder(tape, account));
  const { processes } = world;
  // Providers give a cancel the time of the platform.
  vi.spyOn(AbortSignal, "timeout").mockImplementation(world.platformTimer);
  const step = () => (processes.waiting > 0 ? processes.go(tape.below(processes.waiting)) : world.toNext());
  const actions: Array<() => unknown> = [
    ...Array.from({ length: 30 }, () => step),
    () => world.begin(),
    () => world.kill(),
    () => world.look(),
    () => world.look(),
    () => world.readEvents(tape.below(12)),
    async () => {
      await world.poll();
      if (tape.below(4) === 3) await world.cancel();
    },
    () => (tape.below(8) === 7 ? world.cancel() : undefined),
    () => (tape.below(8) === 7 ? world.state.fetched() : undefined),
  ];
  await world.begin();
  world.ring();
  while (!tape.isOver) {
    await tape.pick(actions)();
    world.ring();
    await settled();
  }
  await world.look();
  world.points.isCalm = true;
  await untilRest(world);
  await world.rest();
  return world;
}

/** Goes on until nothing is due within a day. */
async function untilRest(world: World): Promise<void> {
  const { processes } = world;
  for (let steps = 0; ; steps++) {
    const isDue = world.alarmAt !== null && world.alarmAt < processes.now + DAY;
    if (!world.isRinging && processes.waiting === 0 && isEnd(world.job().state) && !isDue) return;
    if (steps > MOST_STEPS) return world.fault("ends", `it does not come to rest, ${world.job().state}`);
    if (processes.waiting > 0) await processes.go(0);
    else await world.toNext();
    world.ring();
  }
}
