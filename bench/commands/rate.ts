import { type LoadResult, rawPost, sendLoad } from "../edge/http-load.ts";
import { nextNumber } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { type PostTemplate, postTemplate, textOf } from "../edge/post.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS } from "../edge/setups.ts";
import type { Figure, Goal } from "../figures.ts";
import { median } from "../statistics.ts";

const RUNS = 5;
const CONNECTIONS = 8;
/** Milliseconds of one load. */
const LOAD_MS = 500;
/** Posts of 10 MB for which an isolate has room at a time. */
const LARGE_CONNECTIONS = 1;
/** Every stage at the same models by Cog's protocol, as the local default has them. */
const CHAINS = { ...SETUPS.batching.chains, MNER: "cog:bench/mner", EXPANSION: "cog:bench/expansion" };

/** One route under load, compared with the bare Worker in the same round. */
interface Measured {
  readonly name: string;
  readonly url: string;
  readonly template: PostTemplate;
  readonly goal?: Goal;
  readonly connections?: number;
}

/**
 * Requests a second with models that take no time, over those of a bare Hono Worker in the same workerd that reads
 * JSON, asks one model and answers with what it said.
 */
export function benchRate(
  session: Session,
  _note?: unknown,
  { ms, pictureOf } = { ms: LOAD_MS, pictureOf: jpegOf },
): Promise<Figure[]> {
  return session.at(CHAINS, async ({ product, bare }) => {
    await session.configure(SETUPS.batching, PROFILES.none);
    const recognize = `${product}/v1/recognize`;
    const withPicture = async (name: string, entities: number, bytes: number, more: object = {}, goal?: Goal) => ({
      name,
      url: recognize,
      template: await postTemplate(textOf(entities), await pictureOf(bytes), { ...more }),
      ...(goal && { goal }),
    });
    const mner = (name: string, characters: number, goal?: Goal) =>
      postTemplate(textOf(3, characters), null).then((template) => ({
        name,
        url: `${product}/v1/mner`,
        template,
        ...(goal && { goal }),
      }));
    const measured: Measured[] = [
      { name: "bare POST that asks no model", url: `${bare}/`, template: await postTemplate(textOf(3), null) },
      await mner("/v1/mner", 0, { least: 0.5 }),
      await withPicture("/v1/recognize, 3 masks, 50 kB", 3, 50_000, {}, { least: 0.15 }),
      await withPicture("/v1/recognize, 3 masks, 50 kB, store: false", 3, 50_000, { store: "false" }),
      await withPicture("/v1/recognize, 1 mask, 50 kB", 1, 50_000),
      await withPicture("/v1/recognize, 12 masks, 50 kB", 12, 50_000),
      await withPicture("/v1/recognize, 3 masks, 500 kB", 3, 500_000),
      { ...(await withPicture("/v1/recognize, 3 masks, 10 MB", 3, 9_900_000)), connections: LARGE_CONNECTIONS },
      await mner("/v1/mner, text of 1,000 characters", 1_000),
      await mner("/v1/mner, text of 10,000 characters", 10_000),
    ];
    const baseline = { url: `${bare}/call`, template: await postTemplate(textOf(3), null) };
    const load = ({
      url,
      template,
      connections = CONNECTIONS,
    }: Pick<Measured, "url" | "template" | "connections">): Promise<LoadResult> =>
      sendLoad(() => rawPost(url, template.at(nextNumber())), { connections, ms });
    const figures: Figure[] = [];
    for (const route of measured) {
      await load(baseline);
      await load(route);
      const pairs: Array<{ ours: number; bare: number }> = [];
      while (pairs.length < RUNS)
        pairs.push({ bare: (await load(baseline)).perSecond, ours: (await load(route)).perSecond });
      const ours = median(pairs.map((pair) => pair.ours));
      const bareRate = median(pairs.map((pair) => pair.bare));
      figures.push({
        bench: "rate",
        name: route.name,
        value: median(pairs.map((pair) => pair.ours / pair.bare)),
        unit: "×",
        ...(route.goal && { goal: route.goal }),
        detail: `${Math.round(ours)}/s over ${Math.round(bareRate)}/s`,
      });
    }
    return figures;
  });
}
