import { describe, expect, test } from "vitest";
import { BatchAnswer } from "../../../schemas/batches.ts";
import { Problem } from "../../../schemas/problem.ts";
import { BatchApp } from "../../support/batches/batch-app.ts";
import { blackPng } from "../../support/png.ts";

const read = async (response: Response) => BatchAnswer.parse(await response.json());
const problem = async (response: Response) => Problem.parse(await response.json());
const pictureOf = async (width: number) =>
  new Blob([(await blackPng(width, 3)) as Uint8Array<ArrayBuffer>], { type: "image/png" });

/** The app with keys, and requests for batches of two posts whose pictures are as wide as is asked. */
async function start(idempotencyKey: string | null) {
  const app = new BatchApp({ access: "keys" });
  const headers = {
    authorization: `Bearer ${await app.key()}`,
    ...(idempotencyKey !== null && { "idempotency-key": idempotencyKey }),
  };
  const send = async (width: number, signal?: AbortSignal) => {
    const body = new FormData();
    body.set("posts", '{"text":"a","image":"cat"}\n{"text":"b","image":"cat"}');
    body.set("cat", await pictureOf(width), "cat.png");
    return app.fetch("/v1/batches", { method: "POST", headers, body, ...(signal && { signal }) });
  };
  return { app, send };
}

/** Something that waits until it is let go. */
function gate() {
  const [reached, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const wait = async () => {
    reached.resolve();
    await open.promise;
  };
  return { reached: reached.promise, open: open.resolve, wait };
}

const lost = (lostMethod: string) => async (method: string) => {
  if (method === lostMethod) throw new Error("the object was reset");
};

describe("two requests with one Idempotency-Key at once", () => {
  test.each([
    ["other", 5],
    ["the same", 4],
  ])("with %s files: one stores pictures, and the other is told to come again", async (_, width) => {
    const { app, send } = await start("one");
    const storing = gate();
    app.beforePut = storing.wait;
    const first = send(4);
    await storing.reached;
    const refused = await send(width);
    expect(refused.headers.get("retry-after")).toBe("1");
    const { code, first_request_id: id } = await problem(refused);
    storing.open();
    expect([code, id]).toEqual(["request_in_flight", (await read(await first)).id]);
    await app.settled();
    const again = await send(width);
    expect(again.status).toBe(width === 4 ? 202 : 422);
    expect([...app.pictures].map(([name, { size }]) => [name, size.width])).toEqual([
      [`${id}-1`, 4],
      [`${id}-2`, 4],
    ]);
    expect(app.claims.size).toBe(0);
  });

  test.each([
    [4, 202],
    [5, 422],
  ])(
    "one that was told of no batch finds what began meanwhile (width %i: %i), and stores nothing",
    async (width, status) => {
      const { app, send } = await start("one");
      const answering = gate();
      app.after = answering.wait;
      const slow = send(width);
      await answering.reached;
      app.after = async () => undefined;
      const { id } = await read(await send(4));
      await expect.poll(() => app.claims.size).toBe(0);
      app.beforePut = () => Promise.reject(new Error("nothing is to be stored"));
      answering.open();
      const response = await slow;
      expect([response.status, app.pictures.get(`${id}-1`)?.size.width]).toEqual([status, 4]);
      await app.settled();
      expect([app.pictures.size, app.claims.size]).toEqual([2, 0]);
    },
  );

  test("that of a request without files is refused, and its batch keeps no picture of the one that came late", async () => {
    const { app, send } = await start("one");
    const storing = gate();
    app.beforePut = storing.wait;
    const withFiles = send(4);
    await storing.reached;
    const headers = { authorization: `Bearer ${await app.key()}`, "idempotency-key": "one" };
    const { id } = await read(await app.post([{ text: "a" }], "", headers));
    storing.open();
    expect(await problem(await withFiles)).toMatchObject({ code: "idempotency_key_reused", first_request_id: id });
    await app.settled();
    expect([app.pictures.size, app.claims.size]).toEqual([0, 0]);
  });
});

describe("a request whose clean-up outlasts its claim", () => {
  test.each(["is still storing", "has stored"])(
    "leaves the pictures and the claim of the next one, which %s",
    async (state) => {
      const { app, send } = await start("one");
      app.beforePut = () => Promise.reject(new Error("R2 is away"));
      const cleaning = gate();
      let asked = 0;
      app.before = (method) => (method === "facts" && ++asked === 3 ? cleaning.wait() : Promise.resolve());
      expect((await send(4)).status).toBe(500);
      await cleaning.reached;
      const cleaned = app.settled();
      app.now += 2 * 30_000;
      const storing = gate();
      let puts = 0;
      app.beforePut = () => (state === "is still storing" && ++puts === 2 ? storing.wait() : Promise.resolve());
      const next = send(5);
      await (state === "is still storing" ? storing.reached : next);
      cleaning.open();
      await cleaned;
      expect(app.claims.size).toBe(state === "is still storing" ? 1 : 0);
      storing.open();
      expect((await next).status).toBe(202);
      await app.settled();
      expect([...app.pictures.values()].map(({ size }) => size.width)).toEqual([5, 5]);
      expect(app.claims.size).toBe(0);
    },
  );
});

describe("a request that fails", () => {
  test.each([null, "one"])("while its pictures are stored leaves none (Idempotency-Key: %s)", async (key) => {
    const { app, send } = await start(key);
    let puts = 0;
    app.beforePut = async () => {
      if (++puts === 2) throw new Error("R2 is away");
    };
    expect((await send(4)).status).toBe(500);
    await app.settled();
    expect([app.pictures.size, app.claims.size]).toEqual([0, 0]);
    app.beforePut = async () => undefined;
    expect((await send(5)).status).toBe(202);
  });

  test.each([null, "one"])("because its batch cannot begin leaves no picture (Idempotency-Key: %s)", async (key) => {
    const { app, send } = await start(key);
    app.before = lost("begin");
    expect((await send(4)).status).toBe(500);
    await app.settled();
    expect([app.pictures.size, app.claims.size]).toEqual([0, 0]);
  });

  test.each(["begin", "facts"])(
    "after its batch has begun cancels it where nobody can ask again (%s)",
    async (method) => {
      const { app, send } = await start(null);
      const answering = gate();
      app.after = async (called) => {
        if (called === method) await answering.wait();
      };
      const response = send(4);
      await answering.reached;
      app.late.abort(new DOMException("late", "TimeoutError"));
      expect((await response).status).toBeGreaterThanOrEqual(500);
      await app.settled();
      const [batch] = app.batches.values();
      expect(await batch?.state.facts(0)).toMatchObject({ counts: { canceled: 2 } });
      expect(app.pictures.size).toBe(0);
      answering.open();
    },
  );

  test("after its batch has begun leaves it for the repeat, with its pictures, under an Idempotency-Key", async () => {
    const { app, send } = await start("one");
    app.after = lost("begin");
    expect((await send(4)).status).toBe(500);
    await app.settled();
    expect([app.pictures.size, app.claims.size]).toEqual([2, 0]);
    app.after = async () => undefined;
    const again = await send(4);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect((await read(again)).counts).toMatchObject({ waiting: 2 });
  });
});
