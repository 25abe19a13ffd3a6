import { timedEvents } from "../edge/event-stream.ts";
import { nextNumber } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { type PostTemplate, postTemplate, textOf } from "../edge/post.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS, type Setup } from "../edge/setups.ts";
import type { Figure, Goal } from "../figures.ts";
import { median } from "../statistics.ts";

const ENTITIES = 6;
const RUNS = 5;
const PICTURE_BYTES = 50_000;
const MEASURED: ReadonlyArray<readonly [Setup, Goal | null]> = [
  [SETUPS.queuedPhrases, { most: 0.4 }],
  [SETUPS.queued, { most: 0.4 }],
  [SETUPS.single, null],
];

/** The time to the first entity that has its mask over the time of the whole answer, as a stream of events shows it. */
export async function benchFirst(session: Session): Promise<Figure[]> {
  const template = await postTemplate(textOf(ENTITIES), await jpegOf(PICTURE_BYTES));
  const figures: Figure[] = [];
  for (const [setup, goal] of MEASURED) {
    await session.at(setup.chains, async ({ product }) => {
      await session.configure(setup, PROFILES.equal);
      const streams = [];
      await streamed(product, template);
      while (streams.length < RUNS) streams.push(await streamed(product, template));
      const [first, whole] = [median(streams.map((times) => times.first)), median(streams.map((times) => times.whole))];
      figures.push({
        bench: "first",
        name: `${setup.name}, ${ENTITIES} entities`,
        value: median(streams.map((times) => times.first / times.whole)),
        unit: "×",
        ...(goal && { goal }),
        detail: `${Math.round(first)} ms of ${Math.round(whole)} ms`,
      });
    });
  }
  return figures;
}

async function streamed(product: string, template: PostTemplate): Promise<{ first: number; whole: number }> {
  const { bytes, type } = template.at(nextNumber());
  const started = performance.now();
  const response = await fetch(`${product}/v1/recognize`, {
    method: "POST",
    headers: { "content-type": type, accept: "text/event-stream" },
    body: bytes,
  });
  if (response.status !== 200 || !response.body)
    throw new Error(`no stream: ${response.status} ${await response.text()}`);
  const events = await timedEvents(response.body, () => performance.now() - started);
  const masks = events.filter(({ event, data }) => event === "mask" && data.includes('"mask_method":"'));
  const [first, end] = [masks[0], events.find(({ event }) => event === "end")];
  if (!first || !end || masks.length !== ENTITIES)
    throw new Error(`not a whole stream: ${events.map(({ event }) => event).join(" ")}`);
  return { first: first.ms, whole: end.ms };
}
