import { expect, test } from "vitest";
import { COMMANDS, toOutcome } from "../../../../scripts/bots/commands.ts";

const OPTIONS = { "take-over": false };

test("only a platform that there is can be named", async () => {
  for (const command of Object.values(COMMANDS)) {
    await expect(command.run(["icq"], OPTIONS)).rejects.toThrow("there is no platform icq; there is telegram");
  }
});

test("an outcome has a line for each finding, and fails where a step is missing", () => {
  expect(toOutcome({ done: ["a"], next: "b" })).toEqual({
    json: { done: ["a"], next: "b" },
    text: "ok    a\nnext  b",
    failed: true,
  });
  expect(toOutcome({ done: ["a"], next: null })).toMatchObject({ text: "ok    a", failed: false });
});
