import { expect, test } from "vitest";
import { OPERATIONS } from "../../../schemas/operations.ts";
import { OPERATOR_OPERATIONS } from "../../../schemas/operator-operations.ts";
import { SOURCE_OPERATIONS } from "../../../schemas/source-operations.ts";

test("the operator's operations are those under /operator/, and no others need the operator's token", () => {
  const sources = SOURCE_OPERATIONS.filter(({ access }) => access === "operator");
  const expected = [...OPERATOR_OPERATIONS, ...sources].map(({ id }) => id);
  const ids = (some: typeof OPERATIONS) => some.map(({ id }) => id);
  expect(ids(OPERATIONS.filter(({ path }) => path.startsWith("/operator/")))).toEqual(expected);
  expect(ids(OPERATIONS.filter(({ access }) => access === "operator"))).toEqual(expected);
});
