import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import type { AdmitCall } from "../../../src/accounts/calls.ts";
import { FAULTS } from "../../support/scripted-cog.ts";
import { VARIABLES } from "../../support/x402/settings.ts";
import { readAnswer, readProblem, scriptedPost, startApp, TEXT } from "../harness.ts";
import { MONEY, type Options, startCharged as start, unanswered, withPicture } from "./start-charged.ts";

/** Of the harness's post: two names are seen or found, one is seen not to be there, and two boxes have masks. */
const DELIVERED = { calls: 1, entities: 3, masks: 2 };
const AMOUNT = "0.0135";
/** A chain whose model must not be asked. */
const HOSTED_MNER = { MNER: "openai:hosted/model", ENDPOINT_HOSTED: "http://127.0.0.1:1" };

describe("an answer to a key", () => {
  test("says what it cost, and so do the balance, the usage, the log and the headers", async () => {
    const { app, calls, post, available } = await start();
    const response = await post(await withPicture());
    const { charge } = await readAnswer(response);
    expect(charge).toEqual({ amount_usd: AMOUNT, units: DELIVERED, balance_usd: "0.9865" });
    expect(await available()).toBe(986_500_000);
    const { lines } = await calls.usage({ from: null, to: null, keyId: null, operation: null, cursor: null, limit: 9 });
    expect(lines).toMatchObject([{ operation: "recognize", requests: 1, units: DELIVERED, amount: 13_500_000 }]);
    expect(app.lines).toContainEqual(expect.objectContaining({ event: "request", charge_usd: AMOUNT }));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "ratelimit-policy": '"minute";q=600;w=60, "day";q=50000;w=86400',
      ratelimit: expect.stringMatching(/^"minute";r=599;t=\d+, "day";r=49999;t=\d+$/),
      "x-charge-usd": AMOUNT,
    });
  });

  test("as a picture says it in a header, and as a stream in its last event", async () => {
    const { post, available } = await start();
    const drawn = await post(await withPicture(), { accept: "image/svg+xml" });
    expect(drawn.headers.get("x-charge-usd")).toBe(AMOUNT);
    await drawn.arrayBuffer();
    const stream = await (await post(await withPicture(), { accept: "text/event-stream" })).text();
    const end = JSON.parse(stream.match(/event: end\ndata: (.*)\n/)?.[1] ?? "null");
    expect(end.charge).toEqual({ amount_usd: AMOUNT, units: DELIVERED, balance_usd: "0.973" });
    expect(await available()).toBe(973_000_000);
  });

  test("costs what was delivered of it", async () => {
    const { post } = await start({ cog: scriptedPost().on("segmentation", FAULTS.failed ?? (() => null)) });
    const { charge, partial } = await readAnswer(await post(await withPicture()));
    expect([partial, charge?.units, charge?.amount_usd]).toEqual([true, { ...DELIVERED, masks: 0 }, "0.0075"]);
  });

  test("of a test key costs nothing and comes from the embedded models", async () => {
    const { app, post, available } = await start({ mode: "test", money: 0, variables: HOSTED_MNER });
    const { charge, stages } = await readAnswer(await post(await withPicture()));
    expect(charge).toEqual({ amount_usd: "0", units: DELIVERED, balance_usd: "0" });
    expect(new Set(stages.map(({ provider }) => provider))).toEqual(new Set(["cog"]));
    expect(app.cog.asked("mner")).toHaveLength(1);
    expect(await available()).toBe(0);
  });

  test("of a test key has no overlay that a hosted model would have to convert when its link is followed", async () => {
    const image = "data:image/webp;base64,UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";
    const links = async (PICTURE: string) => {
      const variables = { PICTURE, ENDPOINT_HOSTED: "http://127.0.0.1:1" };
      const both = [await start({ mode: "test", variables }), await start({ variables })];
      const answers = await Promise.all(both.map(async ({ post }) => readAnswer(await post({ image }))));
      return answers.map(({ overlay_url }) => overlay_url !== null);
    };
    expect(await links("cog:hosted/picture")).toEqual([false, true]);
    expect(await links("cog:local/picture")).toEqual([true, true]);
  });

  test("is null where nobody pays", async () => {
    const { charge } = await readAnswer(await startApp().post({ text: TEXT }));
    expect(charge).toBeNull();
  });
});

describe("a request is refused, and costs nothing,", () => {
  const cases: [string, Options, object, number, string][] = [
    ["without money", { money: 1_000_000 }, {}, 402, "payment_required"],
    ["without the scope", { scopes: ["stages"] }, {}, 403, "scope_missing"],
    ["with more entities than the plan allows", { plan: "starter" }, { max_entities: 26 }, 422, "invalid_request"],
    ["when the models fail", { cog: unanswered() }, {}, 502, "stage_failed"],
    [
      "with a picture that cannot be read",
      {},
      { image: "data:image/png;base64,AAAA" },
      415,
      "picture_type_not_supported",
    ],
    [
      "for a test key without embedded models",
      { mode: "test", variables: { ENDPOINT_LOCAL: "", ...hosted() } },
      {},
      422,
      "test_keys_not_available",
    ],
  ];
  test.each(cases)("%s", async (_, options, body, status, code) => {
    const { post, available, calls } = await start(options);
    const problem = await readProblem(await post(body, { "idempotency-key": "once" }));
    expect([problem.status, problem.code]).toEqual([status, code]);
    expect(problem.charge).toBeUndefined();
    expect(await available()).toBe(options.money ?? MONEY);
    expect((await calls.balance()).reserved).toBe(0);
  });

  test("with the field that asks for too many entities, and in time for its deadline", async () => {
    const { post } = await start({ plan: "starter" });
    const entities = Array.from({ length: 26 }, (_, start) => ({ start, end: start + 1, type: "PER" }));
    const { errors } = await readProblem(await post({ text: "Felix sleeps, and sleeps, and sleeps.", entities }));
    expect(errors).toMatchObject([{ pointer: "/entities", limit: 25, value: 26 }]);
    const waits: number[] = [];
    const timer = (milliseconds: number) => {
      waits.push(milliseconds);
      return new AbortController().signal;
    };
    const slow = await start({ world: { timer } });
    expect((await slow.post({ deadline_ms: 600 })).status).toBe(200);
    expect(waits.filter((wait) => wait > 0 && wait <= 600).length).toBeGreaterThan(0);
  });

  test("with a large body and neither key nor payment, before a facilitator is asked", async () => {
    const { app } = await start({ variables: { ...VARIABLES, X402_FACILITATOR: "https://facilitator.example" } });
    const problem = await readProblem(await app.post({ text: TEXT, image: "A".repeat(LIMITS.unpaidBodyBytes) }));
    expect(problem).toMatchObject({ code: "body_too_large", errors: [{ limit: LIMITS.unpaidBodyBytes }] });
    expect(app.cog.calls).toEqual([]);
  });

  test("with a key in another place, and told where it belongs", async () => {
    const { app, key } = await start();
    for (const headers of [{ authorization: key }, { "x-api-key": key }]) {
      const problem = await readProblem(await app.post({ text: TEXT }, headers));
      expect(problem).toMatchObject({
        code: "key_missing",
        detail: "The key must come as Authorization: Bearer nk_….",
      });
    }
  });

  test("without money, with what it may have cost, the balance and how to pay", async () => {
    const { post, app } = await start({ money: 1_000_000 });
    const problem = await readProblem(await post(await withPicture()));
    expect(problem.payment).toEqual({
      most_usd: "0.0915",
      balance_usd: "0.001",
      price: { operation: "recognize", call_usd: "0.0015", entity_usd: "0.002", mask_usd: "0.003" },
      how: "Ask the operator for a credit.",
    });
    expect(app.cog.calls).toEqual([]);
  });

  test("when as many run as the plan allows, or as many came", async () => {
    const held = Promise.withResolvers<void>();
    const cog = scriptedPost();
    const mentions = cog.on("mner", async () => {
      await held.promise;
      return { model: "scripted", version: "7", mentions: [] };
    });
    const { post } = await start({ cog: mentions, plan: "starter" });
    const running = Array.from({ length: 5 }, () => post());
    await expect.poll(() => cog.asked("mner").length).toBe(5);
    const one = await post();
    expect([(await readProblem(one)).code, one.headers.get("retry-after")]).toEqual(["too_many_at_once", "1"]);
    held.resolve();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    for (let left = 55; left > 0; left--) await (await post()).arrayBuffer();
    const late = await post();
    expect(await readProblem(late)).toMatchObject({ code: "quota_exceeded", status: 429 });
    expect(Number(late.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  test("while its account cannot be reached", async () => {
    const down = { get: () => ({ admit: () => Promise.reject(new Error("down")), release: async () => undefined }) };
    const ACCOUNTS = { ...down, idFromName: (name: string) => name, getByName: down.get };
    const { post, available } = await start({ variables: { ACCOUNTS } });
    const response = await post();
    expect([(await readProblem(response)).code, response.headers.get("retry-after")]).toEqual([
      "account_unavailable",
      "1",
    ]);
    expect(await available()).toBe(MONEY);
  });
});

describe("a stream", () => {
  test("that fails before its first finding has freed its money when the problem is sent", async () => {
    const released: string[] = [];
    const getByName = (name: string) => {
      const account = env.ACCOUNTS.getByName(name);
      const release = async (id: string) => {
        for (let calls = 0; calls < 3; calls++) await account.exists();
        await account.release(id);
        released.push(id);
      };
      return { admit: (call: AdmitCall) => account.admit(call), release };
    };
    const { post, available } = await start({ cog: unanswered(), variables: { ACCOUNTS: { getByName } } });
    const response = await post({}, { accept: "text/event-stream" });
    expect([response.status, released]).toEqual([502, [response.headers.get("x-request-id")]]);
    expect(await available()).toBe(MONEY);
  });
});

describe("a key of the account", () => {
  test("opens its masks and overlay without a link, and another account's key does not", async () => {
    const { app, post, headers } = await start();
    const other = await start();
    const answer = await readAnswer(await post(await withPicture()));
    const mask = answer.entities[0]?.regions[0]?.mask_url ?? "";
    for (const link of [mask, answer.overlay_url ?? ""]) {
      const { pathname } = new URL(link);
      const opened = await app.fetch(pathname, { headers });
      expect([opened.status, opened.headers.get("content-type")]).toEqual([200, "image/png"]);
      await opened.arrayBuffer();
      expect((await readProblem(await app.fetch(pathname, { headers: other.headers }))).code).toBe("link_invalid");
      expect((await readProblem(await app.fetch(pathname))).code).toBe("link_invalid");
      const outdated = `${pathname}?expires=1&signature=x`;
      expect((await readProblem(await app.fetch(outdated))).code).toBe("link_invalid");
      const both = await app.fetch(outdated, { headers });
      expect(both.status).toBe(200);
      await both.arrayBuffer();
      const linked = await app.fetch(link, { headers: other.headers });
      expect(linked.status).toBe(200);
      await linked.arrayBuffer();
    }
  });

  test("deletes what a request left, but what another left as well, and may do so twice", async () => {
    const { app, post, headers, name, available } = await start({ world: { clock: () => Date.now() } });
    const once = { "idempotency-key": "once" };
    const first = await readAnswer(await post(await withPicture(), once));
    const second = await readAnswer(await post(await withPicture()));
    const stored = async () => (await env.MASKS.list()).objects.map(({ key }) => key.split("/").slice(0, 2).join("/"));
    const left = await stored();
    const money = await available();
    expect(new Set(left)).toEqual(new Set(["answers", "masks", "overlays"].map((kind) => `${kind}/${name}`)));
    const cached = async () => (await env.EXPANSIONS.list()).keys.length;
    expect(await cached()).toBe(3);
    const remove = (id: string) => app.fetch(`/v1/requests/${id}`, { method: "DELETE", headers });
    expect((await remove(first.id)).status).toBe(204);
    expect(new Set(await stored())).toEqual(new Set([`masks/${name}`, `overlays/${name}`]));
    expect(await readProblem(await post(await withPicture(), once))).toMatchObject({ code: "answer_not_kept" });
    expect((await remove(first.id)).status).toBe(204);
    expect((await remove(second.id)).status).toBe(204);
    expect([await stored(), await cached(), await available()]).toEqual([[], 0, money]);
    expect((await readProblem(await remove("req_x"))).code).toBe("not_found");
  });

  test("deletes what a request left only when it has ended", async () => {
    const held = Promise.withResolvers<void>();
    const cog = scriptedPost();
    cog.on("mner", async () => {
      await held.promise;
      return { model: "scripted", version: "7", mentions: [] };
    });
    const { app, post, headers } = await start({ cog });
    const once = { "idempotency-key": "once" };
    const first = post({}, once);
    await expect.poll(() => cog.asked("mner").length).toBe(1);
    const { first_request_id: id = "" } = await readProblem(await post({}, once));
    const remove = () => app.fetch(`/v1/requests/${id}`, { method: "DELETE", headers });
    expect(await readProblem(await remove())).toMatchObject({ code: "request_in_flight", first_request_id: id });
    held.resolve();
    expect((await first).status).toBe(200);
    expect([(await remove()).status, (await env.MASKS.list()).objects]).toEqual([204, []]);
  });
});

/** Chains without an embedded model. */
function hosted(): Record<string, string> {
  const stages = ["PICTURE", "MNER", "EXPANSION", "ENTAILMENT", "GROUNDING", "SEGMENTATION"];
  return { ...Object.fromEntries(stages.map((stage) => [stage, ""])) };
}
