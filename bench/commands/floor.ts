import { recognizePost, replayPlan, timesOf } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { neededCalls } from "../edge/plan.ts";
import { postTemplate, textOf } from "../edge/post.ts";
import { inStartOrder, scheduleCalls } from "../edge/schedule.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, type Profile, SETUPS, type Setup } from "../edge/setups.ts";
import type { Figure } from "../figures.ts";
import { median } from "../statistics.ts";

/** Connections that the platform lets one request wait on. */
const CONNECTIONS = 6;
const ENTITIES = [1, 3, 6, 12];
const RUNS = 5;
const PICTURE_BYTES = 50_000;
const GOAL = { most: 1.05 };

/** What is measured: every profile with models that take many entities, and the equal one with those that take one. */
const MEASURED: ReadonlyArray<readonly [Setup, readonly Profile[]]> = [
  [SETUPS.batching, [PROFILES.equal, PROFILES.hosted, PROFILES.slow]],
  [SETUPS.single, [PROFILES.equal]],
];

/** A whole request over its floor: the shortest schedule of the calls that it needs, made by a bare Worker. */
export async function benchFloor(session: Session): Promise<Figure[]> {
  const picture = await jpegOf(PICTURE_BYTES);
  const figures: Figure[] = [];
  for (const [setup, profiles] of MEASURED) {
    await session.at(setup.chains, async ({ product, bare }) => {
      for (const profile of profiles) {
        await session.configure(setup, profile);
        for (const entities of ENTITIES) {
          const template = await postTemplate(textOf(entities), picture);
          const calls = neededCalls(entities, setup, profile);
          const schedule = scheduleCalls(calls, CONNECTIONS);
          const plan = { calls: inStartOrder(calls, schedule), connections: CONNECTIONS };
          const floor = median(await timesOf(replayPlan(bare, plan), RUNS, profile.apart));
          const ours = median(await timesOf(recognizePost(product, template, entities), RUNS, profile.apart));
          figures.push({
            bench: "floor",
            name: `${profile.name}, ${setup.name}, ${entities} ${entities === 1 ? "entity" : "entities"}`,
            value: ours / floor,
            unit: "×",
            goal: GOAL,
            detail: `${Math.round(ours)} ms over ${Math.round(floor)} ms (ideal ${schedule.end} ms)`,
          });
        }
      }
    });
  }
  return figures;
}
