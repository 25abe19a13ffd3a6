import { expect, test } from "vitest";
import { addCosts, attemptCost } from "../../../src/pipeline/attempt-cost.ts";
import { StageError } from "../../../src/stages/model.ts";

const output = { model: "m", version: "1" };
const [late, busy, network] = [
  new StageError("timeout", "did not answer in time"),
  new StageError("busy", "is busy"),
  new StageError("network", "cannot be reached"),
];
const [perCall, perToken] = [{ call: 5 }, { inputToken: 2 }];

test.each<[string, Parameters<typeof attemptCost>, number | null]>([
  ["what the host reported, in all its parts", [perToken, [{ inputTokens: 2 }, { inputTokens: 3 }], output], 10],
  ["what was reported of a call that failed", [perToken, [{ inputTokens: 2 }], late], 4],
  ["a price by the call, without a report", [perCall, [], output], 5],
  ["a price by the call, when the call was late and may be charged", [perCall, [], late], 5],
  ["nothing, when no work was done", [perToken, [], busy], 0],
  [
    "not known, when the answer broke off",
    [perToken, [], new StageError("network", "broke off", { charged: true })],
    null,
  ],
  ["not known, without a report", [perToken, [], output], null],
  ["not known, without a price", [null, [], network], null],
])("an attempt costs %s", (_, args, cost) => {
  expect(attemptCost(...args)).toBe(cost);
});

test("a sum is not known when a part is not", () => {
  expect([addCosts([]), addCosts([1, 2]), addCosts([1, null])]).toEqual([0, 3, null]);
});
