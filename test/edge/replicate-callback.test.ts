import { afterAll, beforeAll, expect, test } from "vitest";
import { HostSession } from "../support/hosted/script.ts";
import { startHostedServer } from "../support/hosted/server.ts";
import { blackPng, dataUrl } from "../support/png.ts";
import { type Edge, startEdge } from "./miniflare.ts";

/**
 * The deployed bundle inside workerd: the request that waits and the callback are two requests there, and no promise
 * may go from one to the other but through the Durable Object.
 */
const VERSION = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

let host: Awaited<ReturnType<typeof startHostedServer>>;
let session: HostSession;
let edge: Edge;

beforeAll(async () => {
  host = await startHostedServer();
  session = await HostSession.open(host.url, {
    replies: { [`replicate ${VERSION}`]: [{ detections: [{ bbox: [1, 2, 30, 40], label: "a", confidence: 0.5 }] }] },
    faults: {
      "replicate.create": [{ kind: "prediction", status: "processing" }],
      "replicate.get": [{ kind: "silent" }],
    },
    webhooks: { secret: SECRET, now: Math.floor(Date.now() / 1000) },
  });
  edge = await startEdge({
    variables: {
      PUBLIC_URL: "https://api.namesight.test",
      REPLICATE_WEBHOOK_SECRET: SECRET,
      GROUNDING: "replicate:test/adirik/grounding-dino",
      ENDPOINT_TEST: session.at("replicate/v1"),
      ENDPOINT_TEST_TOKEN: "t0ken",
    },
  });
});
afterAll(async () => {
  await edge?.stop();
  host.server.closeAllConnections();
  await new Promise((closed) => host.server.close(closed));
});

const ask = async () =>
  fetch(new URL("/v1/ground", edge.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      image: dataUrl(await blackPng(80, 60)),
      entities: [{ text: "Collins", expression: "a woman" }],
    }),
  });

/** Deliver the callback of so many, and once more; what is answered. */
async function deliverTwice(count: number): Promise<number[]> {
  const { url = "", headers = {}, body = "" } = (await session.deliveries(count)).at(-1) ?? {};
  const hook = new URL(new URL(url).pathname, edge.url);
  const deliver = async () => (await fetch(hook, { method: "POST", headers, body })).status;
  return [await deliver(), await deliver()];
}

test("a callback's request answers the one that waits", async () => {
  const asked = ask();
  await session.until((calls) => calls.length > 0);
  expect(await deliverTwice(1)).toEqual([204, 204]);
  const answer = await asked;
  expect([answer.status, await answer.json()]).toMatchObject([200, { groundings: [{ regions: [{ score: 0.5 }] }] }]);
  expect((await session.calls()).map(({ operation }) => operation)).toEqual(["replicate.create"]);
});

test("one that comes when its request is over is answered as well", async () => {
  const answer = await ask();
  expect([answer.status, await answer.json()]).toMatchObject([200, { groundings: [{ regions: [{ score: 0.5 }] }] }]);
  expect(await deliverTwice(2)).toEqual([204, 204]);
});
