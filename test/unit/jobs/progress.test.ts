import { expect, test } from "vitest";
import { progressOf } from "../../../src/jobs/progress.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";

const event = (fields: object) => fields as RunEvent;
const FOUND = [
  event({ event: "mention", entity: { id: "e1", text: "Felix", type: "PER", score: 1 } }),
  event({ event: "visibility", entity_id: "e1", visibility: { visible: true } }),
  event({ event: "region", entity_id: "e1", region: { id: "e1-r1" } }),
  event({ event: "expression", entity_id: "e1", expression: { text: "the cat" } }),
  event({ event: "region", entity_id: "e1", region: { id: "e1-r2" } }),
  event({ event: "mask", region_id: "e1-r1", mask: { mask: { counts: "" } } }),
  event({ event: "mask", region_id: "e1-r2", mask: { mask: null } }),
];

test.each([
  [1, { latest: "mention", visible: null, regions: 0, masks: 0 }],
  [2, { latest: "visibility", visible: true, regions: 0, masks: 0 }],
  [3, { latest: "region", visible: true, regions: 1, masks: 0 }],
  [4, { latest: "expression", visible: true, regions: 1, masks: 0 }],
  [5, { latest: "region", visible: true, regions: 2, masks: 0 }],
  [7, { latest: "mask", visible: true, regions: 2, masks: 1 }],
])("after %i findings an entity is at %o", (count, progress) => {
  const { entities } = progressOf(FOUND.slice(0, count));
  expect(entities).toEqual([{ id: "e1", text: "Felix", type: "PER", ...progress }]);
});

test("findings about nothing known are no progress of an entity; records of models are told", () => {
  const record = { stage: "mner", model: "m" };
  const events = [...FOUND.slice(1), event({ event: "stage", entry: "cog:a", record }), event({ event: "problem" })];
  expect(progressOf(events)).toEqual({ stages: [record], entities: [] });
});
