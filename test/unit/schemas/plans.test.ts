import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { DEFAULT_PLAN, PLANS, type Plan, PlanName } from "../../../schemas/plans.ts";

test("no plan allows more than the product, and a larger plan allows no less", () => {
  const plans = PlanName.options.map((name) => PLANS[name]);
  for (const { bodyBytes, entities } of plans) {
    expect(bodyBytes).toBeLessThanOrEqual(LIMITS.bodyBytes);
    expect(entities).toBeLessThanOrEqual(LIMITS.entities);
  }
  const limits = Object.keys(PLANS[DEFAULT_PLAN]) as Array<keyof Plan>;
  for (const limit of limits) {
    const values = plans.map((plan) => plan[limit]);
    expect(values, limit).toEqual(values.toSorted((a, b) => a - b));
    expect(values[0]).toBeGreaterThan(0);
  }
});
