import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BUILD_USAGE } from "../../../eval/commands/build.ts";
import { CALIBRATE_USAGE } from "../../../eval/commands/calibrate.ts";
import { RUN_USAGE } from "../../../eval/commands/run.ts";
import { SCORE_USAGE } from "../../../eval/commands/score.ts";
import { STATS_USAGE } from "../../../eval/commands/stats.ts";
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

  it.each(blocks("bash"))("shows a command whose options there are: %s", (command) => {
    const [, name = "", rest = ""] = /^npm run eval -- (\w+) (.*)$/.exec(command) ?? [];
    const usage = {
      build: BUILD_USAGE,
      calibrate: CALIBRATE_USAGE,
      run: RUN_USAGE,
      score: SCORE_USAGE,
      stats: STATS_USAGE,
    }[name];
    for (const [option] of rest.matchAll(/--[\w-]+/g)) expect(usage).toContain(option);
  });

  it("has every format and every protocol", () => {
    for (const { name } of [...KINDS, ...PROTOCOLS]) expect(PAGE).toContain(`| \`${name}\` |`);
  });
});
