import { expect, test } from "vitest";
import { ACCOUNT_PROBLEMS } from "../../../schemas/account-problems.ts";
import { PROBLEMS } from "../../../schemas/problem-catalogue.ts";

test("a problem of an account ends the request, and no other problem has its code", () => {
  for (const [code, kind] of Object.entries(ACCOUNT_PROBLEMS)) {
    expect(PROBLEMS[code as keyof typeof PROBLEMS]).toBe(kind);
    expect([400, 499, 500, 599].filter((bound) => bound <= kind.status)).not.toEqual([]);
  }
});

test("what charges nothing says so where a caller may doubt it", () => {
  for (const code of ["payment_required", "payment_invalid", "answer_not_kept", "account_unavailable"] as const) {
    expect(ACCOUNT_PROBLEMS[code].when).toMatch(/[Nn]othing (was|more was) charged|nothing more was charged/);
  }
});
