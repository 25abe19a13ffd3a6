import { expect, test } from "vitest";
import type { BotMessage, Platform } from "../../../src/bots/platform.ts";
import { PlatformError } from "../../../src/bots/platform-error.ts";
import { Quiet } from "../../../src/bots/quiet.ts";

const MESSAGE = {} as BotMessage;

test("a platform that asks for quiet is not called until it is over, and one that cannot be reached is", async () => {
  let now = 1_000;
  const errors = [new PlatformError("lost", 5_000), new PlatformError("limited", 3_000, true)];
  let calls = 0;
  const say = async () => {
    calls++;
    const error = errors.shift();
    if (error) throw error;
    return "said";
  };
  const quiet = new Quiet(() => now);
  const platform = quiet.keep({ say, textLength: { caption: 1, text: 1 } } as unknown as Platform);
  await expect(platform.say(MESSAGE, "")).rejects.toThrow("lost");
  expect(quiet.until).toBeLessThanOrEqual(now);
  await expect(platform.say(MESSAGE, "")).rejects.toThrow("limited");
  expect(quiet.until).toBe(4_000);
  now = 3_999;
  await expect(platform.say(MESSAGE, "")).rejects.toMatchObject({ retryMs: 1, isRefused: true });
  expect(calls).toBe(2);
  now = 4_000;
  expect(await platform.say(MESSAGE, "")).toBe("said");
});
