import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { STAGE_EXAMPLES } from "../../../schemas/stages/examples.ts";
import { STAGE_NAMES } from "../../../schemas/stages/index.ts";

const readme = readFileSync(new URL("../../../functions/README.md", import.meta.url), "utf8");

describe("functions/README.md", () => {
  it("has a section for each stage, in order", () => {
    expect([...readme.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)).toEqual(STAGE_NAMES);
  });

  it.each(STAGE_NAMES)("shows the example input and output of %s", (stage) => {
    const [, section = ""] = readme.split(`\n### ${stage}\n`);
    const [own = ""] = section.split("\n### ");
    const blocks = [...own.matchAll(/^```json\n(.+?)\n```$/gms)].map(([, block = ""]) => JSON.parse(block));
    const { input, output } = STAGE_EXAMPLES[stage];
    expect(blocks).toEqual([input, output]);
  });

  const unserved = new Set(["caption", "embedding", "knowledge"]);
  it.each(STAGE_NAMES.filter((stage) => !unserved.has(stage)))(
    "says what the embedded model of %s cannot do",
    (stage) => {
      const [, section = ""] = readme.split(`\n### ${stage}\n`);
      expect(section.split("\n### ")[0]).toMatch(/\*\*Embedded:\*\* .+\*\*Cannot:\*\* /s);
    },
  );
});
