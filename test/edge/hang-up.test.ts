import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blackPng, dataUrl } from "../support/png.ts";
import { type Edge, startEdge, startModels, succeed } from "./miniflare.ts";

const TEXT = "Eileen Collins in Houston";
let edge: Edge;
let models: Awaited<ReturnType<typeof startModels>>;
// Grounding hangs; the test is told when it was asked and when its connection closed.
let asked: () => void;
let closed: () => void;
const grounding = {
  asked: new Promise<void>((resolve) => (asked = resolve)),
  closed: new Promise<void>((resolve) => (closed = resolve)),
};
let shown = "";

beforeAll(async () => {
  models = await startModels((stage, _request, response, input) => {
    if (stage === "mner")
      succeed(response, { mentions: [{ text: "Eileen Collins", start: 0, end: 14, type: "PER", score: 0.9 }] });
    else if (stage === "expansion") succeed(response, { expressions: [] });
    else if (stage === "entailment") succeed(response, { judgements: [] });
    else if (stage === "segmentation") succeed(response, { masks: [] });
    else {
      shown = String(input.image);
      response.once("close", closed);
      asked();
    }
  });
  edge = await startEdge({ endpoint: models.endpoint });
});
afterAll(async () => {
  await edge.stop();
  models.server.close();
});

test("a caller whose connection is reset: the model's call is aborted and the picture deleted", async () => {
  const body = JSON.stringify({ text: TEXT, image: dataUrl(await blackPng(80, 60)) });
  const socket = connect(Number(edge.url.port), edge.url.hostname);
  await once(socket, "connect");
  socket.write(
    `POST /v1/recognize HTTP/1.1\r\nHost: namesight.test\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await grounding.asked;
  const bucket = await edge.miniflare.getR2Bucket("PICTURES");
  expect(shown).toMatch(/\/v1\/pictures\//);
  expect((await bucket.list()).objects).toHaveLength(1);
  socket.resetAndDestroy();
  await grounding.closed;
  // The bucket is asked until the deletion has arrived; the test's own time limit ends it when it never does.
  while ((await bucket.list()).objects.length > 0);
}, 60_000);
