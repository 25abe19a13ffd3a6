import { expect, test } from "vitest";
import { keyMissing, keyProblem, keyUnknown, testKeysNotAvailable } from "../../../src/accounts/key-problem.ts";

test("whoever may authenticate is told how, and why the key that came is not enough", () => {
  const challenge = (problem: { headers: Record<string, string> }) => problem.headers["WWW-Authenticate"];
  expect(challenge(keyMissing())).toBe('Bearer realm="Namesight"');
  const invalid = [keyUnknown(), keyProblem({ outcome: "revoked_key", at: 0 })];
  for (const problem of [...invalid, keyProblem({ outcome: "expired_key", at: 0 })]) {
    expect([problem.code, challenge(problem)]).toEqual([
      "key_invalid",
      'Bearer realm="Namesight", error="invalid_token"',
    ]);
  }
  const scope = keyProblem({ outcome: "wrong_scope", needed: "admin", has: ["recognize", "stages"] });
  expect([scope.code, scope.message]).toEqual([
    "scope_missing",
    "This operation needs the scope admin; the key has recognize, stages.",
  ]);
  expect(challenge(scope)).toContain('scope="admin"');
});

test("a time in a problem is ISO 8601, and test keys without models are refused", () => {
  expect(keyProblem({ outcome: "revoked_key", at: 0 }).message).toBe(
    "The key was revoked at 1970-01-01T00:00:00.000Z.",
  );
  expect(keyProblem({ outcome: "expired_key", at: 0 }).message).toBe("The key expired at 1970-01-01T00:00:00.000Z.");
  expect(testKeysNotAvailable().code).toBe("test_keys_not_available");
});
