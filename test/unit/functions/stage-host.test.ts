import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { serve } from "@hono/node-server";
import { describe, expect, test } from "vitest";
import { StageHost } from "../../../functions/stage-host.ts";
import { realWebhook } from "../../../functions/webhook.ts";
import { held, input, nothingFound, type Run, scripted } from "./scripted-host.ts";

describe("StageHost", () => {
  test("refuses a prediction when the queue is full, and ends those in it", async () => {
    const { run, release, begun } = held();
    const { post } = scripted(run);
    const taken = Array.from({ length: 33 }, () => post({ input }));
    await begun;
    await Promise.all(taken.map(() => Promise.resolve()));
    const refused = await post({ input }, { prefer: "respond-async" });
    expect(refused.status).toBe(409);
    release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(taken.map(() => 200));
  });

  test("cancels a synchronous prediction when the caller disconnects", async () => {
    const { run, begun } = held();
    const server = serve({ fetch: scripted(run).app.fetch, port: 0, hostname: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const body = JSON.stringify({ input });
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(`POST /mner/predictions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
    const signal = await begun;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
    socket.resetAndDestroy();
    await aborted;
    await new Promise((resolve) => server.close(resolve));
  });

  test("cancels a running prediction, and answers 404 when there is none", async () => {
    const { run, begun } = held();
    const { post, app } = scripted(run);
    const first = post({ input }, {}, "/mner/predictions/mine", "PUT");
    await begun;
    const cancel = () => app.request("/mner/predictions/mine/cancel", { method: "POST" });
    const canceled = await cancel();
    expect([canceled.status, await canceled.json()]).toEqual([200, {}]);
    expect(await (await first).json()).toMatchObject({ id: "mine", status: "canceled" });
    expect((await cancel()).status).toBe(404);
  });

  test("fails the prediction when the model breaks its own contract", async () => {
    const broken = (async () => ({ model: "scripted", version: "1", mentions: [{ text: "x" }] })) as unknown as Run;
    expect(await (await scripted(broken).post({ input })).json()).toMatchObject({ status: "failed", output: null });
  });

  test("forgets a prediction when it has ended", async () => {
    const host = new StageHost("mner", realWebhook);
    host.ready({ name: "mner", model: "scripted", version: "1", run: nothingFound });
    const { id, finished } = host.predict({ input }, { ...input, labels: "gmner" });
    expect(host.snapshot(id)?.status).toMatch(/^(starting|processing)$/);
    expect(await finished).toMatchObject({ id, status: "succeeded" });
    expect(host.snapshot(id)).toBeNull();
    expect(host.cancel(id)).toBe(false);
  });

  test("throws when it is not set up", () => {
    expect(() => new StageHost("mner", realWebhook).predict({ input }, input)).toThrow("mner is not set up");
  });
});
