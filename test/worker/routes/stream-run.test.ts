import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { STREAM_EVENTS, type StreamEventName } from "../../../schemas/stream.ts";
import { createApp } from "../../../src/app.ts";
import { readBindings } from "../../../src/bindings.ts";
import { calmSleep } from "../../support/calm-sleep.ts";
import { picture, scriptedPost, startApp, TEXT } from "../harness.ts";

const STREAM = { accept: "text/event-stream" };

interface Read {
  readonly id: string;
  readonly event: StreamEventName;
  readonly data: Record<string, unknown>;
}

/** The events of a stream, each parsed by its schema. */
function eventsOf(text: string): Read[] {
  const blocks = text.split("\n\n").filter((block) => block !== "" && !block.startsWith(":"));
  return blocks.map((block) => {
    const fields = Object.fromEntries(
      block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]),
    );
    const event = fields.event as StreamEventName;
    return { id: fields.id ?? "", event, data: STREAM_EVENTS[event].parse(JSON.parse(fields.data ?? "")) as never };
  });
}

/** What changes from one request to the next, left out. */
function comparable(answer: RecognizeAnswer): object {
  return { ...answer, stages: answer.stages.map(({ ms: _, ...stage }) => stage) };
}

test("sends each finding as an event, and the answer that JSON alone would give as the last", async () => {
  const post = { text: TEXT, image: await picture(), store: false };
  const response = await startApp().post(post, STREAM);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
  expect(response.headers.get("x-accel-buffering")).toBe("no");
  const events = eventsOf(await response.text());
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => String(index + 1)));
  const kinds = events.map(({ event }) => event);
  expect(kinds.filter((kind) => kind === "mention")).toHaveLength(3);
  expect(kinds.slice(0, 3)).toEqual(["mention", "mention", "mention"]);
  expect(kinds.filter((kind) => kind === "region")).toHaveLength(2);
  expect(kinds.filter((kind) => kind === "mask")).toHaveLength(2);
  expect(kinds.at(-1)).toBe("end");
  const json = await (await startApp().post(post)).json();
  expect(comparable(RecognizeAnswer.parse(events.at(-1)?.data))).toEqual(comparable(RecognizeAnswer.parse(json)));
});

test("has every finding of the answer in an event of its own", async () => {
  const response = await startApp().post({ text: TEXT, image: await picture() }, STREAM);
  const events = eventsOf(await response.text());
  const answer = RecognizeAnswer.parse(events.at(-1)?.data);
  const of = (kind: StreamEventName) => events.filter(({ event }) => event === kind).map(({ data }) => data);
  const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);
  const masks = new Map(of("mask").map(({ region_id, ...mask }) => [region_id, mask]));
  const entities = of("visibility").map(({ entity_id, ...visibility }) => ({
    id: String(entity_id),
    expression: of("expression").find((expression) => expression.entity_id === entity_id)?.expression,
    ...visibility,
    regions: of("region").flatMap(({ entity_id: owner, ...region }) =>
      owner === entity_id ? [{ ...region, ...masks.get(region.id) }] : [],
    ),
  }));
  expect(entities.toSorted(byId)).toEqual(
    answer.entities.map(({ text: _, type: __, coarse_type: ___, score: ____, mentions: _____, ...rest }) => rest),
  );
  expect(of("problem")).toEqual(answer.problems);
});

test("has only an end when the text names nothing", async () => {
  const cog = scriptedPost().on("mner", () => ({ model: "scripted", version: "7", mentions: [] }));
  const response = await startApp(cog).post({ text: "nothing here" }, STREAM);
  expect(eventsOf(await response.text()).map(({ event }) => event)).toEqual(["end"]);
});

test("answers with the status of a problem that comes before the first finding", async () => {
  expect((await startApp().post({ text: TEXT, colour: "red" }, STREAM)).status).toBe(422);
  const down = scriptedPost().on("mner", () => new Response("down", { status: 500 }));
  const response = await startApp(down).post({ text: TEXT }, STREAM);
  expect(response.status).toBe(502);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
});

test("tells a problem that comes later as an event, and in the answer", async () => {
  const cog = scriptedPost().on("grounding", () => new Response("down", { status: 500 }));
  const response = await startApp(cog).post({ text: TEXT, image: await picture() }, STREAM);
  expect(response.status).toBe(200);
  const events = eventsOf(await response.text());
  expect(events.filter(({ event }) => event === "problem").map(({ data }) => data.code)).toEqual(["stage_failed"]);
  expect(events.at(-1)).toMatchObject({ event: "end", data: { partial: true, problems: [{ stage: "grounding" }] } });
});

test("begins before the work has ended, logs when it has, and cancels it when the reader leaves", async () => {
  const grounding = Promise.withResolvers<AbortSignal>();
  const lines: object[] = [];
  const cog = scriptedPost();
  const app = createApp(
    readBindings(env, {
      sleep: calmSleep,
      log: (line) => lines.push(line),
      fetch: (url, init) => {
        if (!url.pathname.includes("grounding")) return cog.fetch(url, init);
        const signal = init.signal as AbortSignal;
        grounding.resolve(signal);
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      },
    }),
  );
  const context = createExecutionContext();
  const body = JSON.stringify({ text: TEXT, image: await picture() });
  const headers = { ...STREAM, "content-type": "application/json" };
  const request = new Request("https://namesight.test/v1/recognize", { method: "POST", headers, body });
  const response = await app.fetch(request, env, context);
  const called = await grounding.promise;
  expect(lines).toEqual([]);
  await response.body?.cancel();
  await waitOnExecutionContext(context);
  expect(called.aborted).toBe(true);
  expect(lines).toMatchObject([{ event: "request", status: 200, stages: expect.any(Array) }]);
});
