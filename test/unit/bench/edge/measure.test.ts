import { afterEach, describe, expect, it } from "vitest";
import { post, recognizePost, replayPlan, timesInTurn, timesOf } from "../../../../bench/edge/measure.ts";
import { postTemplate, textOf } from "../../../../bench/edge/post.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer | undefined;
afterEach(() => server?.stop());

describe("timesInTurn", () => {
  it("sends in turn, each after the one before, with another number each time", async () => {
    const sent: string[] = [];
    const numbers = new Set<number>();
    const send = (name: string) => async (number: number) => {
      sent.push(name);
      numbers.add(number);
    };
    const times = await timesInTurn([send("floor"), send("ours")], 2);
    expect(sent).toEqual(["floor", "ours", "floor", "ours"]);
    expect(numbers.size).toBe(4);
    expect(times.map(({ length }) => length)).toEqual([2, 2]);
  });

  it("does not wait for an answer where posts start apart", async () => {
    let open = 0;
    let most = 0;
    let release: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const send = async () => {
      most = Math.max(most, ++open);
      if (most === 3) release();
      await all;
    };
    expect(await timesOf(send, 3, 1)).toHaveLength(3);
    expect(most).toBe(3);
  });

  it("rejects when a request does", async () => {
    await expect(timesOf(() => Promise.reject(new Error("refused")), 1)).rejects.toThrow("refused");
  });
});

describe("recognizePost", () => {
  it("accepts a whole answer with a mask for each entity, and no other", async () => {
    server = await startBenchServer();
    const template = await postTemplate(textOf(3), Buffer.from("picture"));
    await recognizePost(server.url, template, 3)(1);
    await expect(recognizePost(server.url, template, 4)(1)).rejects.toThrow("not a whole answer with 4 masks: 200");
  });
});

describe("replayPlan", () => {
  it("sends the plan to the bare Worker", async () => {
    server = await startBenchServer();
    const plan = { calls: [{ model: "mner", after: [] }], connections: 6 };
    await replayPlan(server.url, plan)(1);
    expect(server.plans).toEqual([plan]);
  });
});

describe("post", () => {
  it("rejects when nobody answers", async () => {
    await expect(post("http://127.0.0.1:1/", { bytes: Buffer.from("{}"), type: "text/plain" })).rejects.toThrow();
  });
});
