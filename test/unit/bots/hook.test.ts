import { describe, expect, test } from "vitest";
import { type BotHookDependencies, readUpdate, storeMessage } from "../../../src/bots/hook.ts";
import type { BotMessage } from "../../../src/bots/platform.ts";
import { MemoryBudget } from "../../../src/resilience/memory-budget.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

function dependencies(receive: () => Promise<void> = async () => undefined) {
  const lines: object[] = [];
  const memory = new MemoryBudget(() => 0);
  const timer = () => new AbortController().signal;
  const given = { timer, memory, log: (line: object) => void lines.push(line), chats: { at: () => ({ receive }) } };
  return { lines, given: given as unknown as BotHookDependencies };
}

describe("the update in a body", () => {
  test("is its JSON object, or the one that the caller finds in it", async () => {
    const { given } = dependencies();
    expect(await readUpdate(given, async () => utf8('{"a":1}'))).toEqual({ a: 1 });
    expect(
      await readUpdate(
        given,
        async () => utf8('x={"a":1}'),
        (text) => text.slice(2),
      ),
    ).toEqual({ a: 1 });
  });

  test.each([
    ["no JSON", utf8("{"), "invalid_json"],
    ["no object", utf8("[]"), "invalid_request"],
    ["no UTF-8", new Uint8Array([0xff]), "invalid_json"],
  ])("is refused where it is %s", async (_, body, code) => {
    await expect(readUpdate(dependencies().given, async () => body)).rejects.toMatchObject({ code });
  });
});

test("a message is stored by its chat, and whoever asked is told where it was not", async () => {
  const message = { chat: "slack/C1" } as BotMessage;
  expect(await storeMessage(message, 1_000, dependencies().given)).toBe(true);
  const { given, lines } = dependencies(() => Promise.reject(new Error("away")));
  expect(await storeMessage(message, 1_000, given)).toBe(false);
  expect(lines).toMatchObject([{ event: "chat_unavailable" }]);
});
