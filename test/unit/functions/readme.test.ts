import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { STAGE_EXAMPLES } from "../../../schemas/stages/examples.ts";
import { STAGE_NAMES } from "../../../schemas/stages/index.ts";

const readme = readFileSync(new URL("../../../functions/README.md", import.meta.url), "utf8");

/** The text under a heading of the third level, up to the next heading. */
function sectionOf(heading: string): string {
  const [, section = ""] = readme.split(`\n### ${heading}\n`);
  return section.split(/\n#{1,3} /, 1)[0] ?? "";
}

describe("functions/README.md", () => {
  test.each(STAGE_NAMES)("shows the example input and output of the stage %s", (stage) => {
    const blocks = [...sectionOf(stage).matchAll(/```json\n(.*?)```/gs)].map(([, json = ""]) => JSON.parse(json));
    expect(blocks).toEqual([STAGE_EXAMPLES[stage].input, STAGE_EXAMPLES[stage].output]);
  });

  test.each(STAGE_NAMES)("says what the embedded model of the stage %s is and cannot do", (stage) => {
    const section = sectionOf(stage);
    expect(section).toContain("- **Embedded**: ");
    expect(section.includes("- **Cannot**: ")).toBe(stage !== "caption");
  });

  test("has a section for each stage and no other", () => {
    expect(Array.from(readme.matchAll(/^### (.+)$/gm), ([, heading]) => heading)).toEqual([...STAGE_NAMES]);
  });
});
