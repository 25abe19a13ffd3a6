import { expect, test } from "vitest";
import { JobCheckpoints } from "../../../src/jobs/checkpoints.ts";
import { handedOutUnits, lastNumber, noteHandedOut, noteLast } from "../../../src/jobs/handed-out.ts";
import { createTables } from "../../../src/jobs/tables.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";

const FOUND = [
  { event: "mention", entity: { id: "e1", text: "Ada", type: "PER" }, mention: { start: 0, end: 3 } },
  { event: "mention", entity: { id: "e2", text: "Eve", type: "PER" }, mention: { start: 8, end: 11 } },
  { event: "expression", entity_id: "e1", expression: { text: "a woman" } },
  { event: "visibility", entity_id: "e1", visibility: { visible: true, visibility: {} } },
  { event: "visibility", entity_id: "e2", visibility: { visible: null, visibility: {} } },
  { event: "region", entity_id: "e2", region: { id: "e2-r1" } },
  { event: "mask", region_id: "e2-r1", mask: { mask: { counts: "1" }, mask_reason: null } },
  { event: "region", entity_id: "e1", region: { id: "e1-r1" } },
  { event: "mask", region_id: "e1-r1", mask: { mask: null, mask_reason: "no_mask" } },
] as unknown as RunEvent[];

function found(events: readonly RunEvent[]) {
  const database = new NodeDatabase();
  createTables(database);
  const checkpoints = new JobCheckpoints(database, "req_a", () => undefined);
  for (const event of events) checkpoints.addEvent(event);
  return database;
}

test.each([
  ["nothing", {}, null],
  ["a name", { read: 1 }, [1, 0, 0]],
  ["a visibility", { read: 4 }, [1, 1, 0]],
  ["a visibility that nobody can tell", { read: 5 }, [1, 1, 0]],
  ["a region", { read: 6 }, [1, 2, 0]],
  ["a mask", { read: 7 }, [1, 2, 1]],
  ["all, of which one mask is null", { read: 9 }, [1, 2, 1]],
  ["the progress of all: neither regions nor masks", { shown: 9 }, [1, 1, 0]],
  ["the progress of all, and some events", { shown: 9, read: 6 }, [1, 2, 0]],
] as const)("of a job of which %s was handed out, that counts", (_, ways, units) => {
  const database = found(FOUND);
  for (const [way, number] of Object.entries(ways)) noteHandedOut(database, way as "read" | "shown", number);
  // A look at less changes nothing.
  for (const way of Object.keys(ways)) noteHandedOut(database, way as "read" | "shown", 1);
  const expected = units && { calls: units[0], entities: units[1], masks: units[2] };
  expect(handedOutUnits(database, "recognize")).toEqual(expected);
});

test.each([
  ["mner", [1, 0, 0]],
  ["expand", [1, 1, 0]],
  ["entail", [1, 1, 0]],
  ["ground", [1, 2, 0]],
  ["segment", [1, 0, 1]],
] as const)("the units of %s are those of its answer", (operation, [calls, entities, masks]) => {
  const database = found(FOUND);
  noteHandedOut(database, "read", 9);
  expect(handedOutUnits(database, operation)).toEqual({ calls, entities, masks });
});

test("a problem alone is nothing that was handed out", () => {
  const database = found([{ event: "problem", problem: { code: "stage_failed" } } as never]);
  noteHandedOut(database, "read", 1);
  expect(handedOutUnits(database, "recognize")).toBeNull();
});

test("the number of the last finding is known once all were deleted, whatever is found later", () => {
  expect(lastNumber(found([]))).toBe(0);
  const database = found(FOUND);
  expect(lastNumber(database)).toBe(9);
  noteLast(database);
  database.run("DELETE FROM events");
  noteLast(database);
  expect(lastNumber(database)).toBe(9);
  new JobCheckpoints(database, "req_a", () => undefined).addEvent(FOUND[0] as RunEvent);
  expect([lastNumber(database), handedOutUnits(database, "recognize")]).toEqual([9, null]);
});
