import { describe, expect, test } from "vitest";
import { ACCOUNT_OPERATIONS, SAME } from "../../../schemas/account-operations.ts";
import { OPERATOR_OPERATIONS } from "../../../schemas/operator-operations.ts";

const named = (summary: string) =>
  [...ACCOUNT_OPERATIONS, ...OPERATOR_OPERATIONS].filter((operation) => operation.summary === summary);

describe("what a key of an account and the operator may do alike", () => {
  test.each(Object.values(SAME))("$summary: the same request and answer, at two paths", ({ summary }) => {
    const [own, operator, ...more] = named(summary);
    expect(more).toEqual([]);
    expect(operator?.path).toBe(`/operator/accounts/{account}${own?.path.replace("/v1", "")}`);
    expect([own?.method, own?.request, own?.query, own?.answer]).toEqual([
      operator?.method,
      operator?.request,
      operator?.query,
      operator?.answer,
    ]);
  });

  test("only a key can lack a scope", () => {
    for (const { access, problems } of [...ACCOUNT_OPERATIONS, ...OPERATOR_OPERATIONS]) {
      expect([access, problems.includes("scope_missing")]).toEqual([access, access === "admin"]);
    }
  });
});
