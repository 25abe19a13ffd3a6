import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { FAULTS } from "../../support/scripted-cog.ts";
import { COLLINS, NOON, picture, readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";

const hang = () => new Promise<never>(() => undefined);

/** A binding of which these methods never answer. */
function hanging<Binding extends object>(binding: Binding, ...methods: string[]): Binding {
  return new Proxy(binding, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (methods.includes(String(name))) return hang;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const hasMask = {
  regions: [{ box: COLLINS, mask: expect.anything(), mask_url: expect.stringContaining("/v1/masks/") }],
};

test("answers 408 when the body does not arrive by the deadline, on every route that reads one", async () => {
  const app = startApp(scriptedPost(), { deadlineMs: 20 });
  for (const path of ["/v1/recognize", "/v1/mner", "/v1/expand", "/v1/entail", "/v1/ground", "/v1/segment"]) {
    for (const type of ["application/json", "multipart/form-data; boundary=x"]) {
      const body = new ReadableStream({
        type: "bytes",
        start: (controller) => controller.enqueue(new TextEncoder().encode('{"text":')),
      });
      const response = await app.fetch(path, { method: "POST", headers: { "content-type": type }, body });
      expect(await readProblem(response)).toMatchObject({ status: 408, code: "body_too_slow" });
    }
  }
});

test("answers as without a cache when KV never answers a read, and does not wait for a write", async () => {
  const variables = { EXPANSIONS: hanging(env.EXPANSIONS, "get", "put") };
  const app = startApp(scriptedPost(), { storeMs: 20 }, variables);
  const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
  expect(answer).toMatchObject({ partial: false, problems: [] });
  expect(answer.entities[0]).toMatchObject({ expression: { text: "the one called Eileen Collins" }, ...hasMask });
});

test("sends models the picture's bytes when R2 never answers the put of the picture", async () => {
  const variables = { PICTURES: hanging(env.PICTURES, "put", "delete"), PUBLIC_URL: "http://127.0.0.1:8787" };
  const app = startApp(scriptedPost(), { storeMs: 20 }, variables);
  const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
  expect(answer.partial).toBe(false);
  expect(app.cog.calls.find(({ stage }) => stage === "grounding")?.input.image).toMatch(/^data:image\/png;base64,/);
});

test("gives masks and no links when R2 never answers the put of a mask or of an overlay's picture", async () => {
  const app = startApp(scriptedPost(), { storeMs: 20 }, { MASKS: hanging(env.MASKS, "put") });
  const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }));
  expect(answer).toMatchObject({ partial: false, overlay_url: null });
  expect(answer.entities[0]?.regions[0]).toMatchObject({ mask: expect.anything(), mask_url: null });
});

test("answers 504 when the store of a linked file never answers", async () => {
  const stored = startApp();
  const answer = await readAnswer(await stored.post({ text: TEXT, image: await picture() }));
  const links = [answer.entities[0]?.regions[0]?.mask_url, answer.overlay_url];
  const app = startApp(scriptedPost(), { storeMs: 20 }, { MASKS: hanging(env.MASKS, "get") });
  for (const link of links) {
    const { pathname, search } = new URL(link ?? "");
    expect(await readProblem(await app.fetch(pathname + search))).toMatchObject({
      status: 504,
      code: "deadline_exceeded",
    });
  }
});

test("gives links under PUBLIC_URL, whatever Host the caller sent", async () => {
  const app = startApp(scriptedPost(), {}, { PUBLIC_URL: "http://localhost:8787/api/" });
  const answer = await readAnswer(await app.post({ text: TEXT, image: await picture() }, { host: "evil.example" }));
  for (const link of [answer.entities[0]?.regions[0]?.mask_url, answer.overlay_url])
    expect(link).toMatch(/^http:\/\/localhost:8787\/api\/v1\//);
});

test("ends a request at its own deadline, counted from before its body is read, and the call upstream with it", async () => {
  let canceled = 0;
  const cog = scriptedPost().on("grounding", ({ signal }) => {
    return new Promise((_, reject) =>
      signal?.addEventListener("abort", () => {
        canceled++;
        reject(signal.reason);
      }),
    );
  });
  const app = startApp(cog, {}, {});
  const response = await app.post({ text: TEXT, image: await picture(), deadline_ms: 500 });
  const answer = await readAnswer(response);
  expect(answer).toMatchObject({ partial: true, problems: [{ code: "stage_failed", stage: "grounding" }] });
  expect(answer.entities.map(({ visible, regions }) => [visible, regions])).toEqual([
    [true, []],
    [null, []],
    [false, []],
  ]);
  expect(canceled).toBe(1);
});

test("answers 408 when the body took longer than the request's own deadline", async () => {
  let now = NOON;
  // Whatever is done between two looks at the clock takes longer than the deadline.
  const clock = () => {
    now += 600;
    return now;
  };
  const app = startApp(scriptedPost(), { clock });
  const response = await app.post({ text: TEXT, deadline_ms: 500 }, {}, "/v1/mner");
  expect(await readProblem(response)).toMatchObject({ status: 408, code: "body_too_slow" });
  expect(app.cog.calls).toEqual([]);
});

test("asks only the first model of each chain when fallback is false", async () => {
  const cog = scriptedPost().on("expansion", FAULTS.unavailable);
  const variables = {
    EXPANSION: "cog:local/expansion, cog:other/expansion",
    ENDPOINT_OTHER: "http://127.0.0.1:1",
  };
  const app = startApp(cog, {}, variables);
  const asked = async (fallback: boolean) => {
    cog.calls.length = 0;
    const answer = await readAnswer(await app.post({ text: TEXT, fallback }));
    return [answer.partial, new Set(answer.stages.map(({ stage }) => stage)).size, cog.calls.length];
  };
  expect(await asked(false)).toEqual([true, 2, 4]);
  expect((await asked(true))[2]).toBeGreaterThan(4);
});
