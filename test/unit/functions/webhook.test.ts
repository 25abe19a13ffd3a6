import { describe, expect, test } from "vitest";
import { Webhooks } from "../../../functions/webhook.ts";
import { input, nothingFound, scripted, WEBHOOK } from "./scripted-host.ts";

describe("Webhook", () => {
  test("delivers only the events that the filter names", async () => {
    const { post, deliveries } = scripted();
    await post({ input, webhook: WEBHOOK, webhook_events_filter: ["completed"] }, { prefer: "respond-async" });
    await expect.poll(() => deliveries.map(({ prediction }) => prediction.status)).toEqual(["succeeded"]);
  });

  test("retries only the completed event when the answer is 503: 12 times, with doubled waits", async () => {
    const { post, deliveries, waits } = scripted(nothingFound, () => 503);
    await post({ input, webhook: WEBHOOK }, { prefer: "respond-async" });
    await expect.poll(() => waits.length).toBe(12);
    await expect.poll(() => deliveries.length).toBe(1 + 1 + 13);
    expect(waits).toEqual(Array.from({ length: 12 }, (_, retry) => 100 * 2 ** retry));
  });

  test("does not retry when the answer is 404", async () => {
    const { post, deliveries, waits } = scripted(nothingFound, () => 404);
    await post({ input, webhook: WEBHOOK, webhook_events_filter: ["completed"] }, { prefer: "respond-async" });
    await expect.poll(() => deliveries.length).toBe(1);
    expect(waits).toEqual([]);
  });

  const origins = [new URL(WEBHOOK).origin];
  const failed = { status: "failed" } as const;

  test("retries when the connection breaks, until a delivery succeeds", async () => {
    let calls = 0;
    const webhooks = new Webhooks({
      origins,
      timeoutMs: 10_000,
      fetch: async () => {
        if (++calls < 3) throw new TypeError("fetch failed");
        return new Response(null, { status: 200 });
      },
      wait: async () => undefined,
    });
    await webhooks.of({ input, webhook: WEBHOOK })("completed", failed);
    expect(calls).toBe(3);
  });

  test("sends nothing when the request names no webhook, or one of another origin", async () => {
    const fetch = () => Promise.reject(new Error("called"));
    const webhooks = new Webhooks({ origins, timeoutMs: 10_000, fetch, wait: fetch });
    await webhooks.of({ input })("completed", failed);
    await webhooks.of({ input, webhook: "http://127.0.0.1:10/hook" })("completed", failed);
    expect(webhooks.accepts("https://127.0.0.1:9/hook")).toBe(false);
  });

  test("gives up on a host that does not answer, and never follows a redirect", async () => {
    const asked: Array<RequestInit | undefined> = [];
    const webhooks = new Webhooks({
      origins,
      timeoutMs: 1,
      fetch: (_, init) => {
        asked.push(init);
        return new Promise((_resolve, reject) =>
          init?.signal?.addEventListener("abort", () => reject(new Error("late"))),
        );
      },
      wait: async () => undefined,
    });
    await webhooks.of({ input, webhook: WEBHOOK })("start", failed);
    expect(asked.map((init) => init?.redirect)).toEqual(["manual"]);
  });

  test("holds at most 64 deliveries, and drops the rest", async () => {
    let [calls, answer]: [number, () => void] = [0, () => undefined];
    const answered = new Promise<Response>((resolve) => {
      answer = () => resolve(new Response(null));
    });
    const webhooks = new Webhooks({
      origins,
      timeoutMs: 10_000,
      fetch: () => {
        calls++;
        return answered;
      },
      wait: async () => undefined,
    });
    const deliveries = Array.from({ length: 100 }, () => webhooks.of({ input, webhook: WEBHOOK })("start", failed));
    expect(calls).toBe(64);
    answer();
    await Promise.all(deliveries);
    await webhooks.of({ input, webhook: WEBHOOK })("start", failed);
    expect(calls).toBe(65);
  });
});
