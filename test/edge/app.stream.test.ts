import type { ServerResponse } from "node:http";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { type Stack, startStack } from "../../scripts/stack.ts";
import { blackPng, dataUrl } from "../support/png.ts";
import { startModels, succeed } from "./miniflare.ts";

/**
 * A stream of events through `wrangler dev`, read by Node and by a browser. Grounding answers when the test lets it, so
 * that what arrives before has not waited for the end.
 */
const TEXT = "Eileen Collins in Houston";
const STAGES = ["MNER", "EXPANSION", "ENTAILMENT", "GROUNDING", "SEGMENTATION"];

let stack: Stack;
let models: Awaited<ReturnType<typeof startModels>>;
let browser: Browser;
let grounding = Promise.withResolvers<ServerResponse>();
/** Entailment answers when this has resolved. */
let judging: Promise<void> = Promise.resolve();

beforeAll(async () => {
  models = await startModels((stage, _request, response, input) => {
    const asked = (input.entities ?? []) as { id: string }[];
    if (stage === "mner")
      succeed(response, { mentions: [{ text: "Eileen Collins", start: 0, end: 14, type: "PER", score: 0.9 }] });
    else if (stage === "expansion")
      succeed(response, { expressions: asked.map(({ id }) => ({ id, text: "an astronaut", method: "llm" })) });
    else if (stage === "entailment") {
      const judgements = asked.map(({ id }) => ({ id, visible: true, score: 0.9, method: "m", calibrated: false }));
      void judging.then(() => succeed(response, { judgements }));
    } else if (stage === "grounding") grounding.resolve(response);
    else succeed(response, { masks: [] });
  });
  const chains = Object.fromEntries(STAGES.map((stage) => [stage, `cog:scripted/${stage.toLowerCase()}`]));
  const variables = { ENDPOINT_SCRIPTED: models.endpoint, PUBLIC_URL: "", ...chains };
  [stack, browser] = await Promise.all([
    startStack({ variables, forgetsState: true, onOutput: () => undefined }),
    chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
    }),
  ]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  models?.server.close();
});

/** Gives grounding's answer, when it has been asked. */
async function ground(): Promise<void> {
  const box = { xmin: 10, ymin: 10, xmax: 40, ymax: 50 };
  const regions = [{ box, score: 0.8, method: "m" }];
  succeed(await grounding.promise, { groundings: [{ id: "e1", regions }] });
}

async function send(): Promise<Response> {
  grounding = Promise.withResolvers();
  const body = JSON.stringify({ text: TEXT, image: dataUrl(await blackPng(80, 60)), store: false });
  const headers = { accept: "text/event-stream", "content-type": "application/json" };
  return fetch(`${stack.url}/v1/recognize`, { method: "POST", headers, body });
}

/** Reads until a piece of text has arrived; all of it when none is named. */
async function readUntil(reader: ReadableStreamDefaultReader<string>, text: string): Promise<string> {
  let all = "";
  while (!all.includes(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended without ${text}: ${all}`);
    all += value;
  }
  return all;
}

test("arrives through wrangler dev while the work goes on, and ends with the answer", async () => {
  const response = await send();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error("no body");
  const early = await readUntil(reader, "event: visibility");
  expect(early).toContain("event: mention");
  expect(early).not.toContain("event: end");
  await ground();
  const late = await readUntil(reader, "event: end");
  expect(late).toContain("event: region");
  const [, data = ""] =
    /event: end\ndata: (.*)\n\n/.exec(late + (await readUntil(reader, "\n\n").catch(() => ""))) ?? [];
  expect(RecognizeAnswer.parse(JSON.parse(data)).entities).toMatchObject([{ id: "e1", regions: [{ id: "e1-r1" }] }]);
}, 60_000);

test("cancels the model's call when the reader has left and the next event is written", async () => {
  const left = Promise.withResolvers<void>();
  judging = left.promise;
  const response = await send();
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) throw new Error("no body");
  await readUntil(reader, "event: mention");
  const call = await grounding.promise;
  const closed = new Promise((resolve) => call.once("close", resolve));
  await reader.cancel();
  // workerd sees that the reader has left when it writes: an event, or the heartbeat.
  left.resolve();
  await closed;
  expect(call.writableFinished).toBe(false);
}, 60_000);

test("is read by fetch in Chromium, from a page of another origin", async () => {
  grounding = Promise.withResolvers();
  const page = await browser.newPage();
  let early = "";
  await page.exposeFunction("heard", (text: string) => {
    if (early === "" && text.includes("event: visibility")) {
      early = text;
      void ground();
    }
  });
  const body = JSON.stringify({ text: TEXT, image: dataUrl(await blackPng(80, 60)), store: false });
  const all = await page.evaluate(
    async ({ url, body }) => {
      const headers = { accept: "text/event-stream", "content-type": "application/json" };
      const response = await fetch(`${url}/v1/recognize`, { method: "POST", headers, body });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) return text;
        text += part.value;
        await (globalThis as unknown as { heard: (text: string) => Promise<void> }).heard(text);
      }
    },
    { url: stack.url, body },
  );
  expect(early).not.toContain("event: end");
  expect(all).toContain("event: end");
  await page.close();
}, 60_000);

test("leaves spans of its stages, in which entailment and grounding overlap", async () => {
  const response = await fetch(`${stack.url}/cdn-cgi/local/explorer/api/local/observability/query`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ sql: "SELECT trace_id, name, start_ms, duration_ms FROM spans ORDER BY start_ms" }),
  });
  const { result } = (await response.json()) as { result: { rows: [string, string, number, number][] } };
  const [first] = result.rows.find(([, name]) => name === "mner") ?? [];
  const spans = new Map(
    result.rows.flatMap(([trace, name, start, length]) => (trace === first ? [[name, [start, start + length]]] : [])),
  );
  for (const stage of STAGES.map((name) => name.toLowerCase())) {
    expect([...spans.keys()]).toEqual(expect.arrayContaining([stage, `${stage} attempt`]));
  }
  const [start = Number.NaN, end = Number.NaN] = spans.get("grounding") ?? [];
  const [otherStart = Number.NaN, otherEnd = Number.NaN] = spans.get("entailment") ?? [];
  expect(Math.max(start, otherStart)).toBeLessThanOrEqual(Math.min(end, otherEnd));
}, 60_000);
