import { expect, test } from "vitest";
import { commandOf, WrongUse } from "../../../../scripts/keys/run-command.ts";

const command = { needs: ["ACCOUNT"], run: async () => ({ json: null, text: "" }) };

test("a command is found by its name and the number of its arguments", () => {
  expect(commandOf({ list: command }, "list", ["newsroom"])).toBe(command);
});

test.each([
  ["", ["newsroom"], "name a command"],
  ["lists", ["newsroom"], "there is no command lists"],
  ["toString", [], "there is no command toString"],
  ["list", [], "list needs ACCOUNT"],
  ["list", ["a", "b"], "list needs ACCOUNT"],
])("%j %j is refused", (name, words, message) => {
  expect(() => commandOf({ list: command }, name, words)).toThrow(new WrongUse(message));
});
