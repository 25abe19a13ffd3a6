import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blackPng, dataUrl } from "../support/png.ts";
import { type Edge, startEdge, startModels, succeed } from "./miniflare.ts";

const TEXT = "Eileen Collins in Houston";

/** A promise that something else resolves. */
function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

let edge: Edge;
let models: Awaited<ReturnType<typeof startModels>>;
/** What grounding does with its call and the picture's link, in the test that runs. */
let ground: (response: ServerResponse, image: string) => void = () => undefined;

beforeAll(async () => {
  models = await startModels((stage, _request, response, input) => {
    if (stage === "mner")
      succeed(response, { mentions: [{ text: "Eileen Collins", start: 0, end: 14, type: "PER", score: 0.9 }] });
    else if (stage === "expansion") succeed(response, { expressions: [] });
    else if (stage === "entailment") succeed(response, { judgements: [] });
    else if (stage === "segmentation") succeed(response, { masks: [] });
    else ground(response, String(input.image));
  });
  edge = await startEdge({ endpoint: models.endpoint });
});
afterAll(async () => {
  await edge.stop();
  models.server.close();
});

/** A post by a raw connection, and grounding's call of it, which waits for its answer. */
async function postUntilGrounding() {
  const [called, closed] = [signal(), signal()];
  let isClosed = false;
  let call: ServerResponse | undefined;
  ground = (response, image) => {
    expect(image).toMatch(/\/v1\/pictures\//);
    call = response;
    response.once("close", () => {
      isClosed = true;
      closed.resolve();
    });
    called.resolve();
  };
  const body = JSON.stringify({ text: TEXT, image: dataUrl(await blackPng(80, 60)) });
  const socket = connect(Number(edge.url.port), edge.url.hostname);
  await once(socket, "connect");
  socket.write(
    `POST /v1/recognize HTTP/1.1\r\nHost: namesight.test\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await called.promise;
  const bucket = await edge.miniflare.getR2Bucket("PICTURES");
  expect((await bucket.list()).objects).toHaveLength(1);
  /** Waits until the picture is deleted; the test's own time limit ends the wait when it never is. */
  const deleted = async () => {
    while ((await bucket.list()).objects.length > 0);
  };
  return { socket, call, closed: closed.promise, isClosed: () => isClosed, deleted };
}

test("aborts the model's call and deletes the picture when the caller's connection is reset", async () => {
  const { socket, closed, deleted } = await postUntilGrounding();
  socket.resetAndDestroy();
  await closed;
  await deleted();
}, 60_000);

test("goes on to the end when the caller closes its connection in the ordinary way, and deletes the picture", async () => {
  const { socket, call, isClosed, deleted } = await postUntilGrounding();
  // workerd does not see a FIN before it writes (docs/reference/platform.md, "Limits of Cloudflare Workers").
  socket.destroy();
  await once(socket, "close");
  expect((await edge.miniflare.dispatchFetch("http://namesight.test/health")).status).toBe(200);
  expect(isClosed()).toBe(false);
  if (call) succeed(call, { groundings: [] });
  await deleted();
}, 60_000);

test("ends the model's call at the request's own deadline, and answers with what is there", async () => {
  const called = signal();
  const closed = signal();
  ground = (response) => {
    response.once("close", closed.resolve);
    called.resolve();
  };
  const body = JSON.stringify({ text: TEXT, image: dataUrl(await blackPng(80, 60)), deadline_ms: 1_000 });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body };
  const answering = edge.miniflare.dispatchFetch("http://namesight.test/v1/recognize", init);
  await called.promise;
  await closed.promise;
  const response = await answering;
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    partial: true,
    entities: [{ text: "Eileen Collins", regions: [] }],
    problems: [{ code: "stage_failed", stage: "grounding" }],
  });
}, 60_000);
