import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "namesight-hooks-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, value: object) => {
  writeFileSync(join(folder, name), JSON.stringify(value));
  return join(folder, name);
};
const message = file("message.json", { text: "Eileen Collins in Houston" });
const source = file("source.json", { name: "x", signature: { scheme: "github" }, mapping: { text: "/text" } });
const other = file("other.json", { name: "x", signature: { scheme: "github" }, mapping: { text: "/none" } });

/** The command as npm runs it. */
function hooks(...given: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync("npm", ["run", "-s", "hooks", "--", ...given], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, OPERATOR_TOKEN: "t" },
  });
  return { status, output: stdout + stderr };
}

test.each<[string, string[], number, RegExp]>([
  ["help", ["--help"], 0, /^npm run hooks -- COMMAND/],
  ["no command", [], 2, /^name a command/],
  ["an argument too few", ["rotate"], 2, /^rotate needs SOURCE/],
  ["an option that is none", ["list", "--force"], 2, /Unknown option '--force'/],
  ["a source that is none", ["add", "--name", "x", "--scheme", "github"], 2, /^\/mapping\/text is required/],
  ["a file that is not there", ["test", "/none", "--file-config", source], 2, /there is no file \/none/],
  ["a message of a source in a file", ["test", message, "--file-config", source], 0, /^The message becomes one job/],
  ["the same as JSON", ["test", message, "--file-config", source, "--json"], 0, /"text": "Eileen Collins in Houston"/],
  ["one that is skipped", ["test", message, "--file-config", other], 1, /^Skipped: the message has no text/],
  ["nobody there", ["list", "--url", "http://127.0.0.1:1"], 2, /does not answer/],
])("%s: exit status and words", (_what, given, status, words) => {
  const ended = hooks(...given);
  expect(ended.output).toMatch(words);
  expect(ended.status).toBe(status);
});
