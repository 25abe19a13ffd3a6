import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readSecretsFile } from "../../../../scripts/deploy/secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(text: string): string {
  const file = join(folder, "secrets");
  writeFileSync(file, text);
  return file;
}

describe("readSecretsFile", () => {
  test.each([
    ["lines of NAME=value", "# ours\nHF_TOKEN=a\nLINK_SIGNING_KEY='b c'\n", { HF_TOKEN: "a", LINK_SIGNING_KEY: "b c" }],
    ["the object for wrangler secret bulk", '{"HF_TOKEN": "a"}', { HF_TOKEN: "a" }],
    ["the list of wrangler secret list", '[\n  {"name": "HF_TOKEN", "type": "secret_text"}\n]\n', { HF_TOKEN: null }],
    ["an empty list", "[]", {}],
  ])("reads %s", (_form, text, secrets) => {
    expect(Object.fromEntries(readSecretsFile(write(text)))).toEqual(secrets);
  });

  test.each([
    ["JSON that is cut off", '{"HF_TOKEN": '],
    ["values that are no strings", '{"HF_TOKEN": 1}'],
    ["a list without names", "[null]"],
  ])("refuses %s", (_form, text) => {
    expect(() => readSecretsFile(write(text))).toThrow(/is neither an object of strings nor the list/);
  });

  test("refuses a file that does not exist", () => {
    expect(() => readSecretsFile(join(folder, "none"))).toThrow(/none does not exist$/);
  });
});
