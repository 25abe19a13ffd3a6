import { recognizePost, replayPlan, timesInTurn } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { neededCalls } from "../edge/plan.ts";
import { type PostTemplate, postTemplate, textOf } from "../edge/post.ts";
import { inStartOrder, scheduleCalls } from "../edge/schedule.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, type Profile, SETUPS, type Setup } from "../edge/setups.ts";
import type { Edge } from "../edge/start.ts";
import type { Figure } from "../figures.ts";
import { median } from "../statistics.ts";

/** Connections that the platform lets one request wait on. */
const CONNECTIONS = 6;
const ENTITIES = [1, 3, 6, 12];
const RUNS = 5;
/** Requests of each kind before the first that counts, with models that take no time. */
const WARMING = 5;
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
  const templates = await Promise.all(ENTITIES.map((entities) => postTemplate(textOf(entities), picture)));
  const figures: Figure[] = [];
  for (const [setup, profiles] of MEASURED) {
    await session.at(setup.chains, async (edge) => {
      await session.configure(setup, PROFILES.none);
      for (const { sends } of casesOf(setup, PROFILES.none, templates, edge)) await timesInTurn(sends, WARMING);
      for (const profile of profiles) {
        await session.configure(setup, profile);
        for (const { entities, ideal, sends } of casesOf(setup, profile, templates, edge)) {
          const [floor = NaN, ours = NaN] = (await timesInTurn(sends, RUNS, profile.apart)).map(median);
          figures.push({
            bench: "floor",
            name: `${profile.name}, ${setup.name}, ${entities} ${entities === 1 ? "entity" : "entities"}`,
            value: ours / floor,
            unit: "×",
            goal: GOAL,
            detail: `${Math.round(ours)} ms over ${Math.round(floor)} ms (ideal ${ideal} ms)`,
          });
        }
      }
    });
  }
  return figures;
}

/** For each number of entities the floor and our request, and how long the floor would take without any cost. */
function casesOf(setup: Setup, profile: Profile, templates: readonly PostTemplate[], { product, bare }: Edge) {
  return templates.map((template, place) => {
    const entities = ENTITIES[place] ?? 0;
    const calls = neededCalls(entities, setup, profile);
    const schedule = scheduleCalls(calls, CONNECTIONS);
    const plan = { calls: inStartOrder(calls, schedule), connections: CONNECTIONS };
    const sends = [replayPlan(bare, plan), recognizePost(product, template, entities)];
    return { entities, ideal: schedule.end, sends };
  });
}
