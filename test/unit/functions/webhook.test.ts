import { describe, expect, test } from "vitest";
import { Webhook } from "../../../functions/webhook.ts";
import { input, nothingFound, scripted } from "./scripted-host.ts";

describe("Webhook", () => {
  test("delivers only the events that the filter names", async () => {
    const { post, deliveries } = scripted();
    await post(
      { input, webhook: "http://127.0.0.1:9/hook", webhook_events_filter: ["completed"] },
      { prefer: "respond-async" },
    );
    await expect.poll(() => deliveries.map(({ prediction }) => prediction.status)).toEqual(["succeeded"]);
  });

  test("retries only the completed event when the answer is 503: 12 times, with doubled waits", async () => {
    const { post, deliveries, waits } = scripted(nothingFound, () => 503);
    await post({ input, webhook: "http://127.0.0.1:9/hook" }, { prefer: "respond-async" });
    await expect.poll(() => waits.length).toBe(12);
    await expect.poll(() => deliveries.length).toBe(1 + 1 + 13);
    expect(waits).toEqual(Array.from({ length: 12 }, (_, retry) => 100 * 2 ** retry));
  });

  test("does not retry when the answer is 404", async () => {
    const { post, deliveries, waits } = scripted(nothingFound, () => 404);
    await post(
      { input, webhook: "http://127.0.0.1:9/hook", webhook_events_filter: ["completed"] },
      { prefer: "respond-async" },
    );
    await expect.poll(() => deliveries.length).toBe(1);
    expect(waits).toEqual([]);
  });

  test("retries when the connection breaks, until a delivery succeeds", async () => {
    let calls = 0;
    const options = {
      fetch: async () => {
        if (++calls < 3) throw new TypeError("fetch failed");
        return new Response(null, { status: 200 });
      },
      wait: async () => undefined,
    };
    await new Webhook({ input, webhook: "http://127.0.0.1:9/hook" }, options).send("completed", { status: "failed" });
    expect(calls).toBe(3);
  });

  test("sends nothing when the request names no webhook", async () => {
    const fetch = () => Promise.reject(new Error("called"));
    await new Webhook({ input }, { fetch, wait: fetch }).send("completed", { status: "failed" });
  });
});
