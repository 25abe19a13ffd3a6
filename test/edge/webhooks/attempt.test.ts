import { afterAll, beforeAll, expect, test } from "vitest";
import { HostSession } from "../../support/hosted/script.ts";
import { startHostedServer } from "../../support/hosted/server.ts";
import { blackPng, dataUrl } from "../../support/png.ts";
import { type Edge, startEdge } from "../miniflare.ts";

/**
 * The deployed bundle inside workerd. There the waiting request and the callback are two requests, and a promise of one
 * cannot be resolved by the other except through the Durable Object.
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

const ground = async () =>
  fetch(new URL("/v1/ground", edge.url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      image: dataUrl(await blackPng(80, 60)),
      entities: [{ text: "Collins", expression: "a woman" }],
    }),
  });

/** Delivers the newest of `count` callbacks twice, and resolves with both statuses. */
async function deliverTwice(count: number): Promise<number[]> {
  const { url = "", headers = {}, body = "" } = (await session.deliveries(count)).at(-1) ?? {};
  const hook = new URL(new URL(url).pathname, edge.url);
  const deliver = async () => (await fetch(hook, { method: "POST", headers, body })).status;
  return [await deliver(), await deliver()];
}

test("answers the waiting request when the callback arrives", async () => {
  const answered = ground();
  await session.until((calls) => calls.length > 0);
  expect(await deliverTwice(1)).toEqual([204, 204]);
  const answer = await answered;
  expect([answer.status, await answer.json()]).toMatchObject([200, { groundings: [{ regions: [{ score: 0.5 }] }] }]);
  expect((await session.calls()).map(({ operation }) => operation)).toEqual(["replicate.create"]);
});

test("answers the callback too when its request is over", async () => {
  const answer = await ground();
  expect([answer.status, await answer.json()]).toMatchObject([200, { groundings: [{ regions: [{ score: 0.5 }] }] }]);
  expect(await deliverTwice(2)).toEqual([204, 204]);
});
