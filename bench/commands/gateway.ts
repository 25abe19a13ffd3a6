import { post, timesInTurn } from "../edge/measure.ts";
import { postTemplate, textOf } from "../edge/post.ts";
import type { Session } from "../edge/session.ts";
import { PROFILES, SETUPS } from "../edge/setups.ts";
import type { Figure } from "../figures.ts";
import { isInstalled } from "../gateway/install.ts";
import { startGateway } from "../gateway/start.ts";
import { median } from "../statistics.ts";

const [CALLS, ROUNDS] = [200, 5];
const ENTITIES = 3;
const GOAL = { most: 0.5 };

/**
 * What our chat stage adds to a call of a chat model that takes no time, over what `@portkey-ai/gateway` adds to the
 * same call. Ours also builds the prompt and finds the names in the text. No figure where the gateway is not installed.
 */
export async function benchGateway(
  session: Session,
  _note?: unknown,
  { start, calls } = { start: isInstalled() ? startGateway : null, calls: CALLS },
): Promise<Figure[]> {
  if (!start) return [];
  const gateway = await start();
  try {
    return await session.at(SETUPS.batching.chains, async ({ product }) => {
      await session.configure(SETUPS.batching, PROFILES.none);
      const { url } = session.models;
      const template = await postTemplate(textOf(ENTITIES), null);
      const ours = (number: number) => post(`${product}/v1/mner`, template.at(number));
      await ours(0);
      const bytes = Buffer.from(await (await fetch(`${url}/last-chat`)).arrayBuffer());
      const chat = { bytes, type: "application/json" };
      const direct = () => post(`${url}/v1/chat/completions`, chat);
      const headers = {
        authorization: "Bearer bench",
        "x-portkey-provider": "openai",
        "x-portkey-custom-host": `${url}/v1`,
      };
      const theirs = () => post(`${gateway.url}/v1/chat/completions`, chat, headers);
      const sends = [direct, ours, theirs];
      await timesInTurn(sends, calls);
      const rounds: number[][] = [];
      while (rounds.length < ROUNDS) rounds.push((await timesInTurn(sends, calls)).map(median));
      const added = rounds.map(([base = NaN, product = NaN, other = NaN]) => [product - base, other - base] as const);
      const [own, other] = [median(added.map(([own]) => own)), median(added.map(([, other]) => other))];
      return [
        {
          bench: "gateway",
          name: "time that /v1/mner adds to a chat call, over @portkey-ai/gateway's",
          value: median(added.map(([own, other]) => own / other)),
          unit: "×",
          goal: GOAL,
          detail: `${own.toFixed(2)} ms over ${other.toFixed(2)} ms`,
        },
      ];
    });
  } finally {
    await gateway.stop();
  }
}
