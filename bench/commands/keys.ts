import { createHash } from "node:crypto";
import { readWranglerConfig } from "../../scripts/configuration.ts";
import { nextNumber, post, type Send, timesInTurn } from "../edge/measure.ts";
import { jpegOf } from "../edge/picture.ts";
import { type PostTemplate, postTemplate, textOf } from "../edge/post.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS } from "../edge/setups.ts";
import type { Figure } from "../figures.ts";
import { median, quantile } from "../statistics.ts";

const [CALLS, ROUNDS] = [200, 5];
/** Requests of one round that one account admits, and how many are asked at the same time. */
const ADMITS = { count: 1_000, together: 50 };
/** Every stage at models that take no time, by Cog's protocol, as the local default has them. */
const CHAINS = { ...SETUPS.batching.chains, MNER: "cog:bench/mner", EXPANSION: "cog:bench/expansion" };
const MOST_MS = 6;
const MOST_RATIO = 1.25;
const LEAST_ADMITS = 500;

/**
 * Measures the time that `ACCESS=keys` adds to a request: the same request goes to the Worker with and without keys in
 * turn, over one connection; the models take no time. Measures also how many requests a second one account admits and
 * releases.
 */
export function benchKeys(
  session: Session,
  _note?: unknown,
  { calls, rounds: times, admits, bytes } = { calls: CALLS, rounds: ROUNDS, admits: ADMITS, bytes: 50_000 },
): Promise<Figure[]> {
  return session.at(CHAINS, async ({ product, keyed, bare }) => {
    await session.configure(SETUPS.batching, PROFILES.none);
    const key = await openAccount(keyed, "bench");
    const authorization = { authorization: `Bearer ${key}` };
    const figures: Figure[] = [];
    const picture = await postTemplate(textOf(3), await jpegOf(bytes));
    for (const [path, template] of [
      ["/v1/recognize", picture],
      ["/v1/mner", await postTemplate(textOf(3), null)],
    ] as const) {
      const send = (url: string, headers: Record<string, string>): Send => sender(url + path, template, headers);
      const pair = [send(product, {}), send(keyed, authorization)];
      await timesInTurn(pair, calls);
      const rounds: number[][][] = [];
      while (rounds.length < times) rounds.push(await timesInTurn(pair, calls));
      figures.push(...compared(path, rounds));
    }
    figures.push(await admitRate(bare, await openAccount(keyed, "admits"), admits, times));
    return figures;
  });
}

const sender =
  (url: string, template: PostTemplate, headers: Record<string, string>): Send =>
  (number) =>
    post(url, template.at(number), headers);

function compared(path: string, rounds: readonly number[][][]): Figure[] {
  const medians = rounds.map(([open = [], keyed = []]) => [median(open), median(keyed)] as const);
  const late = rounds.map(([open = [], keyed = []]) => [quantile(open, 0.99), quantile(keyed, 0.99)] as const);
  const from = (pairs: readonly (readonly [number, number])[]) =>
    `${median(pairs.map(([, keyed]) => keyed)).toFixed(2)} ms over ${median(pairs.map(([open]) => open)).toFixed(2)} ms`;
  return [
    {
      bench: "keys",
      name: `median time that keys add to ${path}`,
      value: median(medians.map(([open, keyed]) => keyed - open)),
      unit: "ms",
      goal: { most: MOST_MS },
      detail: from(medians),
    },
    {
      bench: "keys",
      name: `99th percentile of ${path} with keys, over that without`,
      value: median(late.map(([open, keyed]) => keyed / open)),
      unit: "×",
      goal: { most: MOST_RATIO },
      detail: from(late),
    },
  ];
}

/** Requests a second that one account admits and releases, asked by a Worker in the same workerd. */
async function admitRate(
  bare: string,
  key: string,
  { count, together }: typeof ADMITS,
  rounds: number,
): Promise<Figure> {
  const hash = createHash("sha256").update(key).digest("hex");
  const rates: number[] = [];
  while (rates.length < rounds) {
    const started = performance.now();
    const body = JSON.stringify({ account: "admits", key: hash, first: nextNumber() * count, count, together });
    const response = await fetch(`${bare}/admit`, { method: "POST", body });
    const { outcomes } = (await response.json()) as { outcomes: Record<string, number> };
    if (outcomes.admitted !== count) throw new Error(`not all were admitted: ${JSON.stringify(outcomes)}`);
    rates.push(count / ((performance.now() - started) / 1_000));
  }
  return {
    bench: "keys",
    name: "requests that one account admits",
    value: median(rates),
    unit: "/s",
    goal: { least: LEAST_ADMITS },
    detail: `${together} at the same time, each with its release`,
  };
}

/** Creates an account with money on the largest plan, and returns a key of it. */
async function openAccount(url: string, account: string): Promise<string> {
  const { OPERATOR_TOKEN } = readWranglerConfig("wrangler.toml").vars as Record<string, string>;
  const ask = async (path: string, body: object) => {
    const response = await fetch(`${url}/operator/accounts${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${OPERATOR_TOKEN}` },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as { first_key: { key: string } };
  };
  const { first_key } = await ask("", { account, plan: "large" });
  await ask(`/${account}/credit`, { amount_usd: "10000", reference: "bench" });
  return first_key.key;
}
