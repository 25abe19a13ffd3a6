import { recognizePost, replayPlan, timesOf } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { rivegOrder } from "../edge/plan.ts";
import { postTemplate, textOf } from "../edge/post.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS, type Setup } from "../edge/setups.ts";
import type { Figure, Goal } from "../figures.ts";
import { median } from "../statistics.ts";

const ENTITIES = 6;
const RUNS = 5;
const PICTURE_BYTES = 50_000;
/** Replays of RiVEG's order wait for models and do little else, so they run beside each other. */
const APART_MS = 200;

const MEASURED: ReadonlyArray<readonly [Setup, Goal]> = [
  [SETUPS.batching, { least: 6 }],
  [SETUPS.single, { least: 5 }],
  [SETUPS.phrases, { least: 8 }],
];

/** RiVEG's order, a call an entity, one after another by a bare Worker, over a request of ours. */
export async function benchOrder(session: Session): Promise<Figure[]> {
  const template = await postTemplate(textOf(ENTITIES), await jpegOf(PICTURE_BYTES));
  const figures: Figure[] = [];
  for (const [setup, goal] of MEASURED) {
    await session.at(setup.chains, async ({ product, bare }) => {
      await session.configure(setup, PROFILES.equal);
      // RiVEG asks for expressions, also where our names come with theirs.
      const models = { ...setup.models, expansion: "mner" };
      const plan = { calls: rivegOrder(ENTITIES, { models }), connections: 1 };
      const riveg = median(await timesOf(replayPlan(bare, plan), RUNS, APART_MS));
      const ours = median(await timesOf(recognizePost(product, template, ENTITIES), RUNS));
      figures.push({
        bench: "order",
        name: `${setup.name}, ${ENTITIES} entities`,
        value: riveg / ours,
        unit: "×",
        goal,
        detail: `${Math.round(riveg)} ms (${plan.calls.length} calls) over ${Math.round(ours)} ms`,
      });
    });
  }
  return figures;
}
