import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");

/** The command as npm runs it. */
function keys(...given: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", "keys", "--", ...given], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, OPERATOR_TOKEN: "t" },
  });
  return { status, output: stdout + stderr };
}

test.each([
  ["help", ["--help"], 0, /^npm run keys -- COMMAND/],
  ["no command", [], 2, /^name a command/],
  ["a command that is none", ["steal"], 2, /^there is no command steal/],
  ["an argument too few", ["credit", "newsroom"], 2, /^credit needs ACCOUNT and AMOUNT/],
  ["an option that is none", ["list", "newsroom", "--force"], 2, /Unknown option '--force'/],
  ["production without its address", ["list", "newsroom", "--env", "production"], 2, /PUBLIC_URL is the example's/],
  ["a token that others could read", ["list", "newsroom", "--url", "http://namesight.test"], 2, /must be https/],
  ["nobody there", ["list", "newsroom", "--url", "http://127.0.0.1:1"], 2, /does not answer/],
])("%s: exit status and words", (_what, given, status, words) => {
  const ended = keys(...given);
  expect(ended.output).toMatch(words);
  expect(ended.status).toBe(status);
});
