import { once } from "node:events";
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
/** Grounding never answers: these resolve when it is called and when its connection closes. */
const [called, closed] = [signal(), signal()];
/** The picture that grounding got. */
let picture = "";

beforeAll(async () => {
  models = await startModels((stage, _request, response, input) => {
    if (stage === "mner")
      succeed(response, { mentions: [{ text: "Eileen Collins", start: 0, end: 14, type: "PER", score: 0.9 }] });
    else if (stage === "expansion") succeed(response, { expressions: [] });
    else if (stage === "entailment") succeed(response, { judgements: [] });
    else if (stage === "segmentation") succeed(response, { masks: [] });
    else {
      picture = String(input.image);
      response.once("close", closed.resolve);
      called.resolve();
    }
  });
  edge = await startEdge({ endpoint: models.endpoint });
});
afterAll(async () => {
  await edge.stop();
  models.server.close();
});

test("aborts the model's call and deletes the picture when the caller's connection is reset", async () => {
  const body = JSON.stringify({ text: TEXT, image: dataUrl(await blackPng(80, 60)) });
  const socket = connect(Number(edge.url.port), edge.url.hostname);
  await once(socket, "connect");
  socket.write(
    `POST /v1/recognize HTTP/1.1\r\nHost: namesight.test\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await called.promise;
  const bucket = await edge.miniflare.getR2Bucket("PICTURES");
  expect(picture).toMatch(/\/v1\/pictures\//);
  expect((await bucket.list()).objects).toHaveLength(1);
  socket.resetAndDestroy();
  await closed.promise;
  // Waits for the deletion; the test's own time limit ends the wait when it never comes.
  while ((await bucket.list()).objects.length > 0);
}, 60_000);
