import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Edge, startEdge, startModels, succeed } from "./miniflare.ts";

/**
 * Requests of one isolate that ask the same question at the same time. Each is a context of its own in the runtime, and
 * one waits for what another received.
 */
let edge: Edge;
let models: Awaited<ReturnType<typeof startModels>>;
/** The expansion calls that wait for their answer, by the post's text. */
const calls = new Map<string, ServerResponse[]>();
/** Called when an expansion call arrives. */
let arrived: () => void = () => undefined;

beforeAll(async () => {
  models = await startModels((_stage, _request, response, { text }) => {
    calls.set(String(text), [...(calls.get(String(text)) ?? []), response]);
    arrived();
  });
  edge = await startEdge({ endpoint: models.endpoint });
});
afterAll(async () => {
  await edge.stop();
  models.server.close();
});

/** Resolves when so many expansion calls of a text have come. */
async function callsOf(text: string, count: number): Promise<readonly ServerResponse[]> {
  while ((calls.get(text)?.length ?? 0) < count) await new Promise<void>((resolve) => (arrived = resolve));
  return calls.get(text) ?? [];
}

const bodyOf = (text: string) => JSON.stringify({ text, entities: [{ id: "e1", text: "Felix", type: "PER" }] });

async function expand(text: string) {
  const headers = { "content-type": "application/json" };
  const response = await fetch(new URL("/v1/expand", edge.url), { method: "POST", headers, body: bodyOf(text) });
  const { expressions, stages } = (await response.json()) as {
    expressions: Array<{ text: string | null }>;
    stages: Array<{ cached: boolean; attempts: number }>;
  };
  return { text: expressions[0]?.text, stages };
}

const answer = (response: ServerResponse | undefined, text: string) =>
  response && succeed(response, { expressions: [{ id: "e1", text, method: "llm" }] });

test("asks a model once for six requests with one question, and answers all six", async () => {
  const asking = expand("Felix sleeps");
  const [call] = await callsOf("Felix sleeps", 1);
  const joining = Array.from({ length: 5 }, () => expand("Felix sleeps"));
  // A question of another text that came later has reached its model: the five have read the cache and wait.
  const later = expand("Felix wakes");
  answer((await callsOf("Felix wakes", 1))[0], "a cat");
  await later;
  answer(call, "a cat that sleeps");
  const answers = await Promise.all([asking, ...joining]);
  expect(answers.map(({ text }) => text)).toEqual(Array(6).fill("a cat that sleeps"));
  expect(calls.get("Felix sleeps")).toHaveLength(1);
  expect(answers.map(({ stages }) => stages.map(({ cached }) => cached))).toEqual([[false], ...Array(5).fill([true])]);
});

test("asks again for a request that waited for one whose caller left", async () => {
  const socket = connect(Number(edge.url.port), edge.url.hostname);
  const body = bodyOf("Felix runs");
  socket.write(
    `POST /v1/expand HTTP/1.1\r\nHost: namesight.test\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await callsOf("Felix runs", 1);
  const waiting = expand("Felix runs");
  const later = expand("Felix rests");
  answer((await callsOf("Felix rests", 1))[0], "a cat");
  await later;
  socket.resetAndDestroy();
  answer((await callsOf("Felix runs", 2))[1], "a cat that runs");
  expect(await waiting).toMatchObject({ text: "a cat that runs", stages: [{ cached: false, attempts: 1 }] });
});
