import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { type BotHookDependencies, readUpdate, storeMessage } from "../../../src/bots/hook.ts";
import type { BotMessage } from "../../../src/bots/platform.ts";
import { MemoryBudget } from "../../../src/resilience/memory-budget.ts";

const MESSAGE = { id: "1", chat: "telegram/bot/1" } as BotMessage;

function deployment(receive: (message: BotMessage) => Promise<void> = async () => undefined, isLate = false) {
  const lines: object[] = [];
  const asked: string[] = [];
  const memory = new MemoryBudget(() => 0);
  const dependencies: BotHookDependencies = {
    timer: () => (isLate ? AbortSignal.abort() : new AbortController().signal),
    memory,
    log: (line) => void lines.push(line),
    chats: {
      at: (name) => {
        asked.push(name);
        return { receive, ended: async () => undefined };
      },
    },
  };
  return { dependencies, lines, asked };
}

describe("an update", () => {
  const read = (body: BodyInit, jsonIn?: (text: string) => string) => {
    const request = new Request("https://a.test/", { method: "POST", body });
    return readUpdate(deployment().dependencies, (readBounded) => readBounded(request, LIMITS.callbackBytes), jsonIn);
  };

  test("is the object in the body, or the one that the caller finds in it", async () => {
    expect(await read('{"a":1}')).toEqual({ a: 1 });
    expect(await read('x={"a":1}', (text) => text.slice(2))).toEqual({ a: 1 });
  });

  test("may be nested as messages of Slack are, and have the values of a long post, which it repeats as blocks", async () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
    const text = { type: "text", text: "Felix", style: { bold: true } };
    const words = Array.from({ length: 1_000 }, () => [text, { type: "emoji", name: "cat", unicode: "1f408" }]).flat();
    const delivery = { event: { text: "Felix :cat: ".repeat(1_000), blocks: [{ elements: [{ elements: words }] }] } };
    for (const body of [nested(32), JSON.stringify(delivery)]) expect(await read(body)).toEqual(JSON.parse(body));
    for (const body of [nested(33), JSON.stringify({ a: Array(20_000).fill(1) }), '{"a":1,"a":2}', "[".repeat(100_000)])
      await expect(read(body)).rejects.toMatchObject({ name: "ProblemError" });
  });

  test("is refused where the body is something else, or what checks it refuses it", async () => {
    await expect(read("[]")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(read("{")).rejects.toMatchObject({ code: "invalid_json" });
    await expect(read(new Uint8Array([0xff]))).rejects.toMatchObject({ code: "invalid_json" });
    const refuse = () => Promise.reject(new Error("not signed"));
    await expect(readUpdate(deployment().dependencies, refuse)).rejects.toThrow("not signed");
  });
});

describe("a message", () => {
  test("is stored by its chat", async () => {
    const { dependencies, asked, lines } = deployment();
    expect(await storeMessage(MESSAGE, 1_000, dependencies)).toBe(true);
    expect([asked, lines]).toEqual([[MESSAGE.chat], []]);
  });

  test("is not where the chat fails, or takes too long", async () => {
    const never = () => new Promise<never>(() => undefined);
    const down = () => Promise.reject(new Error("down"));
    for (const { dependencies, lines } of [deployment(down), deployment(never, true)]) {
      expect(await storeMessage(MESSAGE, 1_000, dependencies)).toBe(false);
      expect(lines).toMatchObject([{ event: "chat_unavailable" }]);
    }
  });
});
