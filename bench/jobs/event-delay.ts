import { timedEvents } from "../edge/event-stream.ts";
import { nextNumber } from "../edge/measure.ts";
import type { PostTemplate } from "../edge/post.ts";
import { type LoggedAnswer, preciseTime } from "../models/answer-log.ts";
import { beginJob, get, recognize } from "./calls.ts";

/** Events that show what a model has answered, by the model. */
const SHOWN = { mner: "mention", expansion: "expression" } as const;

/** Where the events of a post are read: in the answer to its request, or those of a job. */
export type EventSource = "stream" | "job";

/** When the first event after the answer of each model reached the reader. */
export interface EventTimes {
  /** The number in the post's text. */
  readonly number: number;
  /** Unix milliseconds, by the model. */
  readonly seen: Readonly<Record<string, number>>;
}

/** Sends a post, and notes when its events come. Throws where the stream does not end with an answer. */
export async function readEventTimes(
  product: string,
  template: PostTemplate,
  source: EventSource,
): Promise<EventTimes> {
  const number = nextNumber();
  const post = template.at(number);
  const { body } =
    source === "stream"
      ? await recognize(product, post, { accept: "text/event-stream" })
      : await get(`${product}/v1/jobs/${await beginJob(product, post)}/events`);
  if (!body) throw new Error("a stream without a body");
  const events = await timedEvents(body, preciseTime);
  const seen: Record<string, number> = {};
  for (const [model, name] of Object.entries(SHOWN)) {
    const first = events.find(({ event }) => event === name);
    if (first) seen[model] = first.ms;
  }
  if (!events.some(({ event }) => event === "end") || Object.keys(seen).length < Object.keys(SHOWN).length) {
    throw new Error(`not a whole stream: ${events.map(({ event }) => event).join(" ")}`);
  }
  return { number, seen };
}

/** Milliseconds from each model's answer to its event. Throws where the models did not note an answer. */
export function delaysOf(read: readonly EventTimes[], answers: readonly LoggedAnswer[]): number[] {
  const answered = new Map(answers.map(({ number, model, at }) => [`${number} ${model}`, at]));
  return read.flatMap(({ number, seen }) =>
    Object.entries(seen).map(([model, at]) => {
      const from = answered.get(`${number} ${model}`);
      if (from === undefined) throw new Error(`no answer of ${model} to post ${number} was noted`);
      return at - from;
    }),
  );
}
