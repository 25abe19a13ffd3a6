import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { addKey, startWithKeys } from "../account-harness.ts";
import { NOON, readProblem } from "../harness.ts";

const app = startWithKeys();

test("a test key is a key of its own kind, and never an administrator", async () => {
  const { key } = await app.createAccount();
  const made = (await (await app.send("POST", "/v1/keys", key, { name: "try", mode: "test" })).json()) as {
    key: string;
  };
  expect(made.key).toMatch(/^nk_test_/);
  const admin = await app.send("POST", "/v1/keys", key, { name: "try", mode: "test", scopes: ["admin"] });
  expect(await readProblem(admin)).toMatchObject({ code: "invalid_request", errors: [{ pointer: "/scopes" }] });
});

test("422 for a test key where there are no embedded models", async () => {
  const { key } = await app.createAccount();
  const hosted = startWithKeys(
    undefined,
    {},
    { ENDPOINT_LOCAL: "", PICTURE: "", MNER: "", EXPANSION: "", ENTAILMENT: "", GROUNDING: "", SEGMENTATION: "" },
  );
  const problem = await readProblem(await hosted.send("POST", "/v1/keys", key, { name: "try", mode: "test" }));
  expect(problem).toMatchObject({ status: 422, code: "test_keys_not_available" });
});

test("409 once so many keys work as an account may have", async () => {
  const { name, key, calls } = await app.createAccount();
  for (let keys = 1; keys < LIMITS.keys; keys++) await addKey(name);
  const full = await readProblem(await app.send("POST", "/v1/keys", key, { name: "one more" }));
  expect(full).toMatchObject({ status: 409, code: "too_many_keys", detail: expect.stringContaining("100") });
  const [newest] = await calls.listKeys();
  await calls.revokeKey(newest?.id ?? "");
  expect((await app.send("POST", "/v1/keys", key, { name: "one more" })).status).toBe(201);
});

test.each([
  ["no name", {}, "/name"],
  ["a scope that is none", { name: "a", scopes: ["root"] }, "/scopes/0"],
  ["no scope", { name: "a", scopes: [] }, "/scopes"],
  ["a time that is none", { name: "a", expires_at: "tomorrow" }, "/expires_at"],
  ["a time that is over", { name: "a", expires_at: new Date(NOON).toISOString() }, "/expires_at"],
  ["a field that is none", { name: "a", account: "other" }, "/account"],
])("422 for %s", async (_what, body, pointer) => {
  const { key } = await app.createAccount();
  const problem = await readProblem(await app.send("POST", "/v1/keys", key, body));
  expect(problem).toMatchObject({ status: 422, code: "invalid_request", errors: [{ pointer }] });
});

test("415 for a body that is no JSON, and 413 for one that is too large", async () => {
  const { key } = await app.createAccount();
  const form = await app.fetch("/v1/keys", {
    method: "POST",
    headers: { authorization: `Bearer ${key}` },
    body: "name=a",
  });
  expect(await readProblem(form)).toMatchObject({ code: "unsupported_media_type" });
  const large = await app.send("POST", "/v1/keys", key, { name: "a".repeat(LIMITS.accountBodyBytes) });
  expect(await readProblem(large)).toMatchObject({ status: 413, code: "body_too_large" });
});
