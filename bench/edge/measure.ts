import { setTimeout as wait } from "node:timers/promises";
import type { Plan } from "../bare/replay.ts";
import type { PostBody, PostTemplate } from "./post.ts";

/** Sends something once, by its number, and resolves when it is answered. Rejects when that went wrong. */
export type Send = (number: number) => Promise<unknown>;

let number = 0;
/** A number that no post of this process had. */
export const nextNumber = (): number => ++number;

/**
 * Sends requests and returns the time that each takes, in milliseconds.
 *
 * @param apart milliseconds between two starts; 0 when each waits for the end of the one before
 */
export async function timesOf(send: Send, count: number, apart = 0): Promise<number[]> {
  const [times] = await timesInTurn([send], count, apart);
  return times ?? [];
}

/** Like `timesOf`, for several things in turn, so that what else the machine does meets all of them. */
export async function timesInTurn(sends: readonly Send[], count: number, apart = 0): Promise<number[][]> {
  const times = sends.map((): number[] => []);
  const timed = async (send: Send, place: number) => {
    const started = performance.now();
    await send(nextNumber());
    times[place]?.push(performance.now() - started);
  };
  const running: Promise<void>[] = [];
  for (let round = 0; round < count; round++) {
    for (const [place, send] of sends.entries()) {
      const run = timed(send, place);
      if (apart === 0) await run;
      else {
        running.push(run);
        await wait(apart);
      }
    }
  }
  await Promise.all(running);
  return times;
}

/** Sends a post to `POST /v1/recognize` and checks that its answer is whole and has a mask for each entity. */
export function recognizePost(product: string, template: PostTemplate, entities: number): Send {
  return async (place) => {
    const { bytes, type } = template.at(place);
    const headers = { "content-type": type };
    const response = await fetch(`${product}/v1/recognize`, { method: "POST", headers, body: bytes });
    const body = await response.text();
    const masks = body.match(/"mask_method":"/g)?.length ?? 0;
    if (response.status !== 200 || !body.includes('"partial":false') || masks !== entities)
      throw new Error(`not a whole answer with ${entities} masks: ${response.status} ${body.slice(0, 1_000)}`);
  };
}

/** Has the bare Worker make the calls of a plan. */
export function replayPlan(bare: string, plan: Plan): Send {
  const body = JSON.stringify(plan);
  return async () => {
    const response = await fetch(`${bare}/replay`, { method: "POST", body });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`the bare Worker answered ${response.status}`);
  };
}

/** Sends a POST and checks that its answer is a 200. */
export async function post(
  url: string,
  { bytes, type }: PostBody,
  headers: Record<string, string> = {},
): Promise<void> {
  const response = await fetch(url, { method: "POST", headers: { "content-type": type, ...headers }, body: bytes });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 500)}`);
}
