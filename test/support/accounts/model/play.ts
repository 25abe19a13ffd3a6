import type { Transfer } from "../../../../src/accounts/calls.ts";
import { answerKey } from "../../../../src/storage/answer-store.ts";
import type { Observation } from "./observation.ts";
import { type Process, settled } from "./processes.ts";
import { type Asked, serve } from "./serve.ts";
import { Tape } from "./tape.ts";
import { ACCOUNT, World } from "./world.ts";

/** What the account has at first: enough for some requests and not for many. */
const MONEY = 25_000_000;
const WAITS_MS = [1, 1, 1, 400, 400, 2_500, 3_100, 31_000, 95_000, 24 * 60 * 60 * 1000 + 1];
const CREDENTIALS = ["live", "live", "live", "live", "live", "other", "test", "payment", "payment"] as const;

/** Plays one world from a tape of choices to its end. */
export async function play(values: readonly number[]): Promise<Observation> {
  const tape = new Tape(values);
  const world = await World.open(tape, MONEY);
  const { processes } = world;
  const running = new Set<Process>();
  const start = (work: (process: Process) => Promise<void>) => {
    const process: Process = { hasEnded: false };
    running.add(process);
    void work(process).then(() => running.delete(process));
  };
  const usual = ask(tape);
  const actions: Array<() => unknown> = [
    ...Array.from({ length: 14 }, () => async () => {
      for (let steps = tape.below(7); steps >= 0; steps--) await processes.go(tape.below(8));
    }),
    ...Array.from({ length: 5 }, () => () => {
      const asked = tape.below(4) > 0 ? usual : ask(tape);
      start((process) => serve(world, process, `r${world.requests.size}`, asked, tape));
    }),
    ...Array.from({ length: 3 }, () => () => processes.pass(tape.pick(WAITS_MS))),
    () => {
      const process = [...running][tape.below(running.size || 1)];
      if (!process) return;
      running.delete(process);
      process.hasEnded = true;
      process.atEnd?.();
    },
    () => world.evict(),
    () => world.ring(),
    () => start((process) => world.send(process, transferOf(tape))),
    () => {
      world.isStoreAway = tape.below(2) === 1;
    },
    () => {
      world.isAccountAway = tape.below(2) === 1;
    },
    () => start((process) => intervene(world, process, tape)),
  ];
  while (!tape.isOver) {
    await tape.pick(actions)();
    await settled();
    world.look();
  }
  await world.rest();
  // The caller asks once more, when nothing is wrong any longer.
  start((process) => serve(world, process, `r${world.requests.size}`, usual, tape));
  return world.end();
}

/** A request with one of few keys and bodies, so that many repeat each other. */
function ask(tape: Tape): Asked {
  const credential = tape.pick(CREDENTIALS);
  const keys = credential === "payment" ? ["a", "b"] : ["a", "a", "a", "b", null];
  return {
    credential,
    operation: tape.pick(["recognize", "recognize", "recognize", "mner"]),
    key: tape.pick(keys),
    body: tape.pick(["x", "x", "x", "x", "y"]),
    store: tape.below(4) > 0,
  };
}

/** A transfer with one of few references: most come more than once, and a dispute may come before its payment. */
function transferOf(tape: Tape): Transfer {
  const kind = tape.pick(["topup", "topup", "credit", "refund", "dispute", "dispute_won"] as const);
  const reference = tape.pick(["1", "2"]);
  return { kind, reference, amount: kind === "topup" ? 15_000_000 : 11_000_000 };
}

/** The account's owner deletes a request, or revokes a key. */
async function intervene(world: World, process: Process, tape: Tape): Promise<void> {
  const account = world.accountOf(process);
  try {
    if (tape.below(4) === 0) return void (await account.revokeKey("key_other"));
    const id = `r${tape.below(world.requests.size || 1)}`;
    const names = await account.leftBy(id);
    if (names?.includes(answerKey(ACCOUNT, id))) await world.answersOf(process).delete(ACCOUNT, [id]);
    await account.forgetRequest(id);
  } catch {
    // A message was lost; the owner does not try again.
  }
}
