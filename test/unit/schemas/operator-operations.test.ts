import { expect, test } from "vitest";
import { OPERATIONS } from "../../../schemas/operations.ts";
import { OPERATOR_OPERATIONS } from "../../../schemas/operator-operations.ts";

test("the operator's operations are those under /operator/, and no others need the operator's token", () => {
  const ids = (some: typeof OPERATIONS) => some.map(({ id }) => id);
  expect(ids(OPERATIONS.filter(({ path }) => path.startsWith("/operator/")))).toEqual(ids(OPERATOR_OPERATIONS));
  expect(ids(OPERATIONS.filter(({ access }) => access === "operator"))).toEqual(ids(OPERATOR_OPERATIONS));
});
