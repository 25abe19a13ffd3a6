import { expect, test } from "vitest";
import { progressOf } from "../../../src/mcp/progress.ts";

test("tells each finding in a sentence, with the name of its entity", () => {
  const names = new Map<string, string>();
  const tell = (event: string, data: object) => progressOf(event, data, names);
  const entity = { id: "e1", text: "Felix", type: "PER", coarse_type: null };
  expect(tell("mention", { entity })).toBe("Found Felix (PER) in the text.");
  expect(tell("mention", { entity })).toBeNull();
  expect(tell("visibility", { entity_id: "e1", visible: true })).toBe("Felix: in the picture.");
  expect(tell("visibility", { entity_id: "e1", visible: false })).toBe("Felix: not in the picture.");
  expect(tell("visibility", { entity_id: "e1", visible: null })).toBe(
    "Felix: cannot tell whether it is in the picture.",
  );
  expect(tell("region", { entity_id: "e1" })).toBe("Felix: has a box.");
  expect(tell("mask", { region_id: "e1-r2", mask_reason: null })).toBe("Felix: has a mask.");
  expect(tell("mask", { region_id: "e1-r2", mask_reason: "outside_box" })).toBe("Felix: has no mask (outside_box).");
  expect(tell("mask", { region_id: "mine", mask_reason: null })).toBe("mine: has a mask.");
  expect(tell("expression", { entity_id: "e1" })).toBeNull();
});
