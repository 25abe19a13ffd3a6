import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { serve } from "@hono/node-server";
import { describe, expect, test } from "vitest";
import { Admission } from "../../../functions/admission.ts";
import { Queue } from "../../../functions/queue.ts";
import { StageHost } from "../../../functions/stage-host.ts";
import { realWebhooks } from "../../../functions/webhook.ts";
import { runContext } from "../../support/run-context.ts";
import { held, input, nothingFound, type Run, scripted } from "./scripted-host.ts";

describe("StageHost", () => {
  test("refuses a prediction when there is no room, and ends those that it took", async () => {
    const { run, release, begun } = held();
    const { post } = scripted(run);
    // 0.6 × 30 s of texts that take 50 ms until measured.
    const taken = Array.from({ length: 360 }, () => post({ input }));
    await begun;
    await Promise.all(taken.map(() => Promise.resolve()));
    const refused = await post({ input }, { prefer: "respond-async" });
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([409, "1"]);
    release();
    expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(taken.map(() => 200));
  });

  test("lets a short prediction run in a pause of a long one", async () => {
    let now = 0;
    const admission = new Admission(() => now);
    const host = new StageHost("mner", admission, realWebhooks([]), new Queue(() => now));
    const order: string[] = [];
    const run: Run = async (input, { pause }) => {
      for (let part = 0; part < (input.text === "long" ? 200 : 1); part++) {
        await pause();
        now += 100;
        order.push(input.text ?? "");
      }
      return nothingFound(input, runContext());
    };
    host.ready({ name: "mner", model: "scripted", version: "1", run });
    const ask = (text: string) => host.predict({ input: {} }, { text, labels: "gmner" }, null).finished;
    const [long, ...short] = [ask("long"), ask("a"), ask("b")];
    await Promise.all(short);
    expect(order.slice(0, 5)).toEqual(["long", "long", "long", "a", "b"]);
    await long;
    expect(order).toHaveLength(202);
  });

  test("cancels a synchronous prediction when the caller disconnects", async () => {
    const { run, begun } = held();
    const server = serve({ fetch: scripted(run).app.fetch, port: 0, hostname: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const body = JSON.stringify({ input });
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write(
      `POST /mner/predictions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
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
    const host = new StageHost("mner", new Admission(), realWebhooks([]));
    host.ready({ name: "mner", model: "scripted", version: "1", run: nothingFound });
    const { id, finished } = host.predict({ input }, { ...input, labels: "gmner" }, null);
    expect(host.snapshot(id)?.status).toMatch(/^(starting|processing)$/);
    expect(await finished).toMatchObject({ id, status: "succeeded" });
    expect(host.snapshot(id)).toBeNull();
    expect(host.cancel(id)).toBe(false);
  });

  test("throws when it is not set up", () => {
    expect(() => new StageHost("mner", new Admission(), realWebhooks([])).predict({ input }, input, null)).toThrow(
      "mner is not set up",
    );
  });
});
