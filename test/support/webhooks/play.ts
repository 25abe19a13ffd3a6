import { settled } from "../accounts/model/processes.ts";
import { Tape } from "../accounts/model/tape.ts";
import { World } from "./world.ts";

const WAITS_MS = [1, 4_000, 6_000, 16_000, 400_000, 2 * 3_600_000, 20 * 3_600_000];

/** Plays one outbox from a tape of choices until nothing is pending. */
export async function play(values: readonly number[]): Promise<World> {
  const tape = new Tape(values);
  const world = new World(tape);
  const { processes } = world;
  world.enqueue();
  const step = async () => {
    if (processes.waiting > 0) return processes.go(tape.below(processes.waiting));
    await toNext(world);
  };
  const actions: Array<() => unknown> = [
    ...Array.from({ length: 16 }, () => step),
    ...Array.from({ length: 3 }, () => () => world.ring()),
    () => world.kill(),
    () => world.kill(),
    () => processes.pass(tape.pick(WAITS_MS)),
    () => world.enqueue(),
    () => world.redeliver(tape.below(3)),
    () => {
      world.isAccountAway = tape.below(2) === 1;
    },
    () => {
      if (tape.below(12) === 11) world.drop();
    },
  ];
  while (!tape.isOver) {
    await tape.pick(actions)();
    await settled();
  }
  world.isAccountAway = false;
  for (let steps = 0; world.isRunning || world.nextDue !== null; steps++) {
    if (steps > 5_000) throw new Error("the outbox does not come to rest");
    if (processes.waiting > 0) await processes.go(0);
    else await toNext(world);
  }
  return world;
}

/** Lets time pass to what happens next: a timer, or the alarm. */
async function toNext(world: World): Promise<void> {
  const { processes } = world;
  if (!world.isRunning) {
    const due = world.nextDue;
    if (due === null) return;
    await processes.pass(Math.max(0, due - processes.now));
    world.ring();
  } else {
    const at = processes.nextTimer();
    if (at !== null) await processes.pass(Math.max(0, at - processes.now));
  }
  await settled();
}
