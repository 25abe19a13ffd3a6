import type { BotMessage } from "../../../../src/bots/platform.ts";
import type { World } from "./world.ts";

type Check = (world: World) => string | null;

/** What is true of every message to a bot, whatever dies or is lost. */
export const INVARIANTS = {
  "is answered at most once, as a person sees it": ({ faults }) =>
    faults.find((fault) => fault.startsWith("seen twice")) ?? null,
  "has one place where the platform can be asked for it": ({ canFind, messages, shown }) => {
    const places = ({ id }: BotMessage) => [...shown.values()].filter(({ replyTo }) => replyTo === id).length;
    const twice = canFind && messages.find((message) => places(message) > 1);
    return twice ? `${twice.id} has ${places(twice)}` : null;
  },
  "is answered at last": (world) => {
    const fault = world.faults.find((one) => one.includes("rest") || one.includes("rejected"));
    if (fault) return fault;
    // What was forgotten may have no place for an answer.
    if (world.isForgotten) return null;
    const albums = new Map<string, number>();
    for (const message of world.messages) {
      const answers = world.answersTo(message).length;
      if (message.album !== null) albums.set(message.album, (albums.get(message.album) ?? 0) + answers);
      else if (answers !== 1) return `${message.id} has ${answers} answers`;
    }
    const unanswered = [...albums].find(([, answers]) => answers !== 1);
    return unanswered ? `the album has ${unanswered[1]} answers` : null;
  },
  "has one job for each picture": ({ begun, messages }) => {
    const pictures = messages.flatMap((message) => message.pictures).length;
    const again = [...begun].find(([, times]) => times > 1);
    if (again) return `${again[0]} began ${again[1]} times`;
    return begun.size > pictures ? `${begun.size} jobs of ${pictures} pictures` : null;
  },
  "leaves nothing behind its answer": ({ jobs, pictures }) => {
    const kept = [...jobs.values()].filter(({ isKept }) => isKept).length;
    return kept + pictures.size > 0 ? `${kept} jobs and ${pictures.size} pictures` : null;
  },
  "is not answered while the platform asks for quiet": ({ faults }) =>
    faults.find((fault) => fault.includes("quiet")) ?? null,
  "is counted once among what the chat has used": (world) => {
    const [spent] = world.rows("spent") as Array<{ amount: number }>;
    const amount = spent?.amount ?? 0;
    return amount === world.charged ? null : `${amount} of ${world.charged}`;
  },
  "begins no job that its chat may not pay for": ({ faults }) =>
    faults.find((fault) => fault.includes("may pay for")) ?? null,
} as const satisfies Readonly<Record<string, Check>>;

export type ChatInvariant = keyof typeof INVARIANTS;
