import { expect, test } from "vitest";
import type { PaidOperation } from "../../../schemas/prices.ts";
import { maximumCostOf, OPERATIONS } from "../../../src/request/operations.ts";

const twice = [
  { id: "a", text: "Felix", type: "PER" },
  { id: "a", text: "Houston", type: "LOC" },
];
const image = "https://pictures.example.com/cat.png";
const box = { xmin: 0, ymin: 0, xmax: 2, ymax: 2 };
/** Fields that an operation's schema allows, and its own check does not: the pointer of what is wrong. */
const WRONG: Readonly<Record<PaidOperation, readonly [fields: object, pointer: string] | null>> = {
  recognize: [{ text: "Felix", entities: [{ start: 0, end: 9, type: "PER" }] }, "/entities/0/end"],
  // Its schema says all.
  mner: null,
  expand: [{ text: "a post", entities: twice }, "/entities/1/id"],
  entail: [{ image, entities: twice }, "/entities/1/id"],
  ground: [{ image, entities: twice }, "/entities/1/id"],
  segment: [
    {
      image,
      boxes: [
        { id: "a", box },
        { id: "a", box },
      ],
    },
    "/boxes/1/id",
  ],
};

test.each(Object.entries(WRONG).flatMap(([name, wrong]) => (wrong ? [[name, wrong] as const] : [])))(
  "%s is checked before it is paid",
  (name, [fields, pointer]) => {
    const { schema, check } = OPERATIONS[name as PaidOperation];
    const parsed = schema.parse(fields);
    expect(() => check(parsed)).toThrow(pointer);
  },
);

test("the most that models may cost is read in nano-dollars; without a limit it is none", () => {
  expect([maximumCostOf({ max_cost_usd: "0.01" }), maximumCostOf({ max_cost_usd: "0" }), maximumCostOf({})]).toEqual([
    10_000_000,
    0,
    null,
  ]);
});
