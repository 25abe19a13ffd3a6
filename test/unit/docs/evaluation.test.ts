import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { CONFIRM_USAGE } from "../../../eval/commands/confirm.ts";
import { PROPOSE_USAGE } from "../../../eval/commands/propose.ts";
import { SCORE_USAGE } from "../../../eval/commands/score.ts";
import { SEGMENT_USAGE } from "../../../eval/commands/segment.ts";
import { STATS_USAGE } from "../../../eval/commands/stats.ts";
import { KINDS } from "../../../eval/readers/kinds/index.ts";
import { PROTOCOLS } from "../../../eval/scorers/protocols/index.ts";
import { EvaluatedPost } from "../../../schemas/evaluation.ts";

const PAGE = readFileSync("docs/evaluation.md", "utf8");
const blocks = (language: string) =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );

describe("docs/evaluation.md", () => {
  it.each(blocks("json"))("shows a line that can be read: %s", (line) => {
    expect(EvaluatedPost.safeParse(JSON.parse(line)).success).toBe(true);
  });

  it.each(blocks("bash"))("shows a command whose options there are: %s", (command) => {
    const [, name = "", rest = ""] = /^npm run eval -- (\w+) (.*)$/.exec(command) ?? [];
    const usages = { score: SCORE_USAGE, stats: STATS_USAGE, segment: SEGMENT_USAGE };
    const usage = { ...usages, propose: PROPOSE_USAGE, confirm: CONFIRM_USAGE }[name];
    for (const [option] of rest.matchAll(/--[\w-]+/g)) expect(usage).toContain(option);
  });

  it("has every format and every protocol", () => {
    for (const { name } of [...KINDS, ...PROTOCOLS]) expect(PAGE).toContain(`| \`${name}\` |`);
  });
});
