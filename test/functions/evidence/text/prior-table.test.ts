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

test("leaves out the cues of PER that fewer than 30 names have", () => {
  const left = ["denied", "and me", "thanks", "featuring", "miss", "rest in peace"];
  expect(CUES.filter((cue) => !(cue in PRIOR_TABLE.PER.cues)).toSorted()).toEqual(left.toSorted());
});

test("counts a cue only where at least 30 names have it", () => {
  for (const type of ENTITY_TYPES)
    for (const [, of] of Object.values(PRIOR_TABLE[type].cues)) expect(of).toBeGreaterThanOrEqual(30);
});
