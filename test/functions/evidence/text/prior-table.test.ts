import { expect, test } from "vitest";
import { CUES } from "../../../../functions/evidence/text/cues.ts";
import { PRIOR_TABLE } from "../../../../functions/evidence/text/prior-table.ts";
import { ENTITY_TYPES } from "../../../../schemas/primitives.ts";

test.each(ENTITY_TYPES)("has possible counts of %s", (type) => {
  const { groups, cues } = PRIOR_TABLE[type];
  const all = Object.values(groups).reduce((sum, [, of]) => sum + of, 0);
  for (const [visible, of] of [...Object.values(groups), ...Object.values(cues)]) {
    expect(visible).toBeLessThanOrEqual(of);
    expect(of).toBeLessThanOrEqual(all);
  }
});

test("has every cue for PER but the one that no PER name of the train split has", () => {
  expect(CUES.filter((cue) => !(cue in PRIOR_TABLE.PER.cues))).toEqual(["denied"]);
});

test("has a weight only where at least 30 names have the cue", () => {
  for (const type of ENTITY_TYPES)
    for (const [, of, weight] of Object.values(PRIOR_TABLE[type].cues)) expect(weight === null || of >= 30).toBe(true);
});
