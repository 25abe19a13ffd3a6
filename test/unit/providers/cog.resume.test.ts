import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { predict } from "../../../src/providers/cog.ts";
import type { RequestRuntime } from "../../../src/providers/runtime.ts";
import { nothingFound, scripted } from "../functions/scripted-host.ts";

/** The moment at which a process dies: its connection is closed then, and nothing that it began goes on. */
type Death = "before it sends" | "while the model runs" | "before it reads the answer";
const DEATHS: readonly Death[] = ["before it sends", "while the model runs", "before it reads the answer"];

/** The functions' host on a real socket. Its model waits while `holds`, until its caller is gone. */
function host() {
  const model = { begun: 0, ended: 0, holds: false, started: () => {} };
  const { app } = scripted(async (input, context) => {
    model.begun++;
    model.started();
    if (model.holds) await new Promise((_, reject) => context.signal.addEventListener("abort", reject));
    model.ended++;
    return nothingFound(input, context);
  });
  return { model, app };
}

const { model, app } = host();
let server: Server;
let endpoint: URL;

beforeAll(async () => {
  server = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }) as Server;
  if (!server.listening) await once(server, "listening");
  endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const ask = (key: string, runtime: RequestRuntime, text = "Eileen Collins") =>
  predict({ endpoint, model: "mner", token: null }, { text }, runtime, new AbortController().signal, { key });

const alive: RequestRuntime = { fetch: (url, init) => fetch(url, init), clock: () => 0 };

/** Asks in a process that dies; resolves when it is dead. */
function askAndDie(key: string, death: Death): Promise<void> {
  return new Promise((dead) => {
    const socket = new AbortController();
    const never = new Promise<never>(() => undefined);
    const die = () => {
      socket.abort();
      dead();
      return never;
    };
    model.holds = death === "while the model runs";
    model.started = () => {
      if (model.holds) void die();
    };
    const dying: RequestRuntime["fetch"] = async (url, init) => {
      if (death === "before it sends") return die();
      const answer = await fetch(url, { ...init, signal: socket.signal }).then(
        (response) => response.text(),
        () => never,
      );
      // A repeat is answered although the model does not run again.
      return answer === "" ? never : die();
    };
    void ask(key, { ...alive, fetch: dying });
  });
}

let attempts = 0;

describe("a resumable prediction at a Cog host that honours its key", () => {
  test("is computed to its end once, whenever processes die", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...DEATHS), { maxLength: 4 }), async (deaths) => {
        const key = `job_${++attempts}/mner/1`;
        const before = model.ended;
        for (const death of deaths) await askAndDie(key, death);
        model.holds = false;
        expect(await ask(key, alive)).toMatchObject({ model: "scripted", mentions: [] });
        expect(model.ended - before).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  test.each<[death: Death, begun: number]>([
    ["before it sends", 1],
    ["while the model runs", 2],
    ["before it reads the answer", 1],
  ])("goes on after a process died %s", async (death, begun) => {
    const key = `job_${++attempts}/mner/1`;
    const before = { ...model };
    await askAndDie(key, death);
    model.holds = false;
    await ask(key, alive);
    expect([model.begun - before.begun, model.ended - before.ended]).toEqual([begun, 1]);
  });

  test("is refused when its key was used for another input", async () => {
    const key = `job_${++attempts}/mner/1`;
    await ask(key, alive);
    await expect(ask(key, alive, "Houston")).rejects.toMatchObject({ code: "rejected", retryable: false });
  });
});

describe("a prediction without a key", () => {
  test("sends no Idempotency-Key", async () => {
    const sent: (string | null)[] = [];
    const fetch: RequestRuntime["fetch"] = async (_, init) => {
      sent.push(new Headers(init.headers).get("idempotency-key"));
      return Response.json({ status: "succeeded", output: 1 });
    };
    const runtime = { ...alive, fetch };
    const container = { endpoint: new URL("http://host.test"), model: "mner", token: null };
    await predict(container, {}, runtime, new AbortController().signal);
    await predict(container, {}, runtime, new AbortController().signal, { key: "k" });
    expect(sent).toEqual([null, "k"]);
  });
});
