import { expect, test } from "vitest";
import { BOT_OPERATIONS } from "../../../schemas/bot-operations.ts";
import { OPERATIONS } from "../../../schemas/operations.ts";

test("every platform signs what it delivers, and the examples are answers of their operations", () => {
  expect(BOT_OPERATIONS.map(({ id, access }) => [id, access])).toEqual([
    ["discordHook", "signed"],
    ["slackHook", "signed"],
    ["telegramHook", "signed"],
  ]);
  for (const { id, answer } of BOT_OPERATIONS) {
    if (answer) expect([id, answer.schema.safeParse(answer.example).error?.issues]).toEqual([id, undefined]);
  }
});

test("they are operations of the API", () => {
  expect(OPERATIONS).toEqual(expect.arrayContaining([...BOT_OPERATIONS]));
});
