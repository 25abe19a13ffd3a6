import type { BotMessage } from "../../../../src/bots/platform.ts";
import { NOON } from "../../accounts/account.ts";
import { settled } from "../../accounts/model/processes.ts";
import { Tape } from "../../accounts/model/tape.ts";
import { World } from "./world.ts";

/** Steps within which a chat comes to rest once nothing fails. */
const MOST_STEPS = 4_000;
const MOST_MS = 20 * 60 * 60 * 1000;
const WAITS_MS = [1, 400, 2_000, 6_000, 70_000, 700_000];

const MESSAGE: Omit<BotMessage, "id"> = {
  chat: "telegram/bot/42",
  language: "en",
  command: null,
  text: "Felix sleeps",
  pictures: [{ id: "p", bytes: 70 }],
  hasOther: false,
  album: null,
  isAsked: true,
  place: {},
};
/** What a chat may be sent, as one or more messages. */
const KINDS: ReadonlyArray<ReadonlyArray<Partial<BotMessage>>> = [
  [{}],
  [{}],
  [{}, {}],
  [{ command: "help", text: "/help", pictures: [] }],
  [{ pictures: [] }],
  [{ album: "a", text: "" }, { album: "a" }, { album: "a", text: "" }],
  [{}, { command: "forget", text: "/forget", pictures: [] }],
];

/** Plays one chat from a tape of choices, and then until nothing waits in it. */
export async function play(values: readonly number[]): Promise<World> {
  const tape = new Tape(values);
  const kinds = [tape.pick(KINDS), tape.pick(KINDS)];
  const parts = (kinds[0] === kinds[1] ? [kinds[0]] : kinds).flat();
  const messages = parts.map((more, index) => ({ ...MESSAGE, ...more, id: String(index + 9) }));
  const world = new World(tape, messages);
  const { processes } = world;
  const deliver = () => world.deliver(tape.pick(messages));
  const actions: Array<() => unknown> = [
    ...Array.from({ length: 14 }, () => () => toNext(world, tape)),
    ...Array.from({ length: 4 }, () => deliver),
    ...Array.from({ length: 2 }, () => () => world.endJob(tape.below(4))),
    ...Array.from({ length: 2 }, () => () => world.tell(tape.below(4))),
    () => world.kill(),
    () => processes.pass(tape.pick(WAITS_MS)),
  ];
  while (!tape.isOver) {
    await tape.pick(actions)();
    world.ring();
    await settled();
  }
  world.isCalm = true;
  await untilRest(world, tape);
  return world;
}

/** Goes on until everything was delivered and answered. */
async function untilRest(world: World, tape: Tape): Promise<void> {
  for (let steps = 0; ; steps++) {
    const late = world.messages.find(({ id }) => !world.received.has(id));
    const isIdle = world.processes.waiting === 0 && !world.isRinging;
    if (isIdle && !late && world.untold.size === 0 && world.rows("messages").length === 0) return;
    if (steps > MOST_STEPS) return void world.faults.push("it does not come to rest");
    if (late) await world.deliver(late);
    world.endJob(0);
    await world.tell(0);
    await toNext(world, tape);
    world.ring();
    await settled();
  }
}

/** Does one of the steps that wait; without one, lets time pass to what happens next. */
async function toNext(world: World, tape: Tape): Promise<void> {
  const { processes } = world;
  if (processes.waiting > 0) return processes.go(tape.below(processes.waiting));
  const next = [processes.nextTimer(), world.isRinging ? null : world.alarmAt];
  const at = Math.min(...next.map((time) => time ?? Number.POSITIVE_INFINITY));
  // A platform keeps a message for a day.
  if (at < NOON + MOST_MS) await processes.pass(Math.max(0, at - processes.now));
  world.ring();
  await settled();
}
