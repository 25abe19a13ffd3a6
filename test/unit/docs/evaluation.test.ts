import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../../eval/commands/index.ts";
import { KINDS } from "../../../eval/readers/kinds/index.ts";
import { PROTOCOLS } from "../../../eval/scorers/protocols/index.ts";
import { EvaluatedPost } from "../../../schemas/evaluation.ts";

const PAGE = readFileSync("docs/evaluation.md", "utf8");
const blocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].flatMap(([, block = ""]) =>
    block.trim().replaceAll("\\\n", "").split("\n"),
  );

describe("docs/evaluation.md", () => {
  it.each(blocks("json"))("shows a line that can be read: %s", (line) => {
    expect(EvaluatedPost.safeParse(JSON.parse(line)).success).toBe(true);
  });

  it.each(blocks("bash"))("shows a command whose options there are: %s", async (command) => {
    const [, name = "", rest = ""] = /^npm run eval -- (\w+) (.*)$/.exec(command) ?? [];
    const usage = (await COMMANDS[name]?.())?.usage;
    for (const [option] of rest.matchAll(/--[\w-]+/g)) expect(usage).toContain(option);
  });

  it("has every format and every protocol", () => {
    for (const { name } of [...KINDS, ...PROTOCOLS]) expect(PAGE).toContain(`| \`${name}\` |`);
  });
});
