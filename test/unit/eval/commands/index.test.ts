import { afterEach, expect, test, vi } from "vitest";
import { COMMANDS } from "../../../../eval/commands/index.ts";

const stdout = vi.spyOn(console, "log").mockReturnValue();
afterEach(() => {
  vi.clearAllMocks();
});

const people = Object.keys(COMMANDS).filter((name) => name !== "answers");

test.each(people)("%s prints its own usage, and does nothing else, when help is asked for", async (name) => {
  const command = await COMMANDS[name]?.();
  expect(command?.usage).toMatch(new RegExp(`^usage: npm run eval -- ${name}\\b`));
  expect(await command?.run(["--help"])).toBe(0);
  expect(stdout.mock.calls).toEqual([[command?.usage]]);
});

test("answers is for other commands alone", async () => {
  expect((await COMMANDS.answers?.())?.usage).toBeUndefined();
});
