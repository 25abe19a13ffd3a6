import { expect, test } from "vitest";
import {
  deleteCheckpoints,
  JobCheckpoints,
  looseCalls,
  readEvents,
  readOutlines,
  stageEvents,
  tieUp,
} from "../../../src/jobs/checkpoints.ts";
import { createTables } from "../../../src/jobs/tables.ts";
import type { EndedCall } from "../../../src/pipeline/checkpoints.ts";
import type { RunEvent } from "../../../src/pipeline/events.ts";
import { NodeDatabase } from "../../support/accounts/node-database.ts";

const ASKED = { stage: "grounding", entry: "cog:a", question: "[]", ids: ["e2", "e1"] } as const;
const KEPT = { id: "prediction" } as never;
const ended = (output: object | null): EndedCall => ({
  ...ASKED,
  output: output as never,
  failure: null,
  provider: "cog",
  started: 1,
  ended: 2,
  isWarming: false,
  cost: null,
  spent: 7,
});
const expression = (id: string, text: string): RunEvent =>
  ({ event: "expression", entity_id: id, expression: { text, method: "template" } }) as never;
const stage = (attempts: number): RunEvent =>
  ({ event: "stage", entry: "cog:a", record: { stage: "grounding", attempts } }) as never;

function emptyJob() {
  const database = new NodeDatabase();
  createTables(database);
  let added = 0;
  const open = () => new JobCheckpoints(database, "req_a", () => void added++);
  return { database, open, added: () => added };
}

test("the first finding about a thing stands, and the last record of a model", () => {
  const { database, open, added } = emptyJob();
  const first = open();
  const events = [expression("e1", "a"), expression("e1", "b"), expression("e2", "c"), stage(1), stage(2)];
  expect(events.map((event) => first.addEvent(event))).toEqual([true, false, true, true, true]);
  expect(added()).toBe(4);
  expect(readEvents(database, 1, 1_000)).toEqual({
    events: [{ number: 2, event: expression("e2", "c") }],
    isWhole: true,
  });
  expect(stageEvents(database)).toEqual([stage(2)]);
  expect(open().events).toEqual([stage(2), expression("e1", "a"), expression("e2", "c")]);
});

test("an attempt of a process that died is gone on with once, by who asks the same", () => {
  const { open } = emptyJob();
  const begun = open().begin(ASKED);
  expect(begun).toEqual({ ...ASKED, key: "req_a/1", kept: null });
  open().keep(begun.key, KEPT);
  const later = open();
  const others = [
    { ...ASKED, entry: "cog:b" },
    { ...ASKED, question: "[1]" },
    { ...ASKED, ids: ["e1"] },
  ];
  for (const other of others) expect(later.begin(other).kept).toBeNull();
  expect(later.begin({ ...ASKED, ids: ["e1", "e2"] })).toMatchObject({ key: "req_a/1", kept: KEPT });
  expect(later.begin(ASKED)).toMatchObject({ key: "req_a/5", kept: null });
});

test("what an attempt answered is there for later processes, however long; one that asked nothing is forgotten", () => {
  const { database, open } = emptyJob();
  const first = open();
  const output = { model: "m", version: "1", text: "é".repeat(1_200_000) };
  first.end(first.begin(ASKED).key, ended(output));
  first.end(first.begin(ASKED).key, null);
  expect(open().ended).toEqual([{ ...ended(output), ids: ["e1", "e2"] }]);
  deleteCheckpoints(database);
  expect([open().ended, database.all("SELECT * FROM long_texts")]).toEqual([[], []]);
});

test("a failed attempt may run upstream until somebody has canceled it; an answered one does not", () => {
  const { database, open } = emptyJob();
  const first = open();
  const keys = [0, 1].map(() => first.begin(ASKED).key);
  for (const key of keys) first.keep(key, KEPT);
  first.end(keys[0] ?? "", ended(null));
  first.end(keys[1] ?? "", ended({ model: "m", version: "1" }));
  expect(looseCalls(database)).toEqual([{ number: 1, stage: "grounding", entry: "cog:a", kept: KEPT }]);
  deleteCheckpoints(database);
  expect(looseCalls(database)).toHaveLength(1);
  tieUp(database, 1);
  expect(looseCalls(database)).toEqual([]);
});

test("the names of what is stored outlive the process", () => {
  const { open } = emptyJob();
  const names = ["masks/public/a", "kv/b"];
  const { left } = open();
  for (const name of [...names, ...names]) left.add(name);
  expect([...open().left].toSorted()).toEqual(names.toSorted());
});

test("a finding that is longer than a row is kept whole", () => {
  const { database, open } = emptyJob();
  const long = expression("e1", "a👩".repeat(700_000));
  expect(open().addEvent(long)).toBe(true);
  expect(readEvents(database, 0, 1)).toEqual({ events: [{ number: 1, event: long }], isWhole: true });
  expect(open().events).toEqual([long]);
});

test.each([
  [0, 0, [1], false],
  [0, 1_000, [1], false],
  [0, 1_200, [1, 2], false],
  [19, 1_200, [20], true],
  [18, 1_200, [19, 20], true],
  [20, 1_200, [], true],
  [0, 100_000, Array.from({ length: 20 }, (_, index) => index + 1), true],
] as const)("findings behind %i are read up to a length of %i, and at least one", (after, length, numbers, isWhole) => {
  const { database, open } = emptyJob();
  const first = open();
  for (let number = 1; number <= 20; number++) first.addEvent(expression(`e${number}`, "x".repeat(500)));
  const read = readEvents(database, after, length);
  expect([read.events.map(({ number }) => number), read.isWhole]).toEqual([numbers, isWhole]);
});

test("an outline says of a mask whether there is one, however long it is, and of the rest all", () => {
  const { database, open } = emptyJob();
  const first = open();
  // The longest id of a box, of characters that JSON escapes.
  const id = "\u0001".repeat(100);
  const masks = [null, { size: [1, 1], counts: "1" }, { size: [1, 1], counts: "1".repeat(700_000) }];
  const events = masks.map((mask, index) => {
    const reason = mask ? null : "no_mask";
    return { event: "mask", region_id: `${id}${index}`, mask: { mask, mask_reason: reason } } as unknown as RunEvent;
  });
  const said = expression("e1", '"mask":null');
  for (const event of [...events, said]) first.addEvent(event);
  const outline = (index: number, mask: object | null) => ({
    number: index + 1,
    event: { event: "mask", region_id: `${id}${index}`, mask: { mask } },
  });
  expect(readOutlines(database)).toEqual([
    outline(0, null),
    outline(1, {}),
    outline(2, {}),
    { number: 4, event: said },
  ]);
});
