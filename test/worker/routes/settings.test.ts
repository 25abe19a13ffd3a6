import { expect, test } from "vitest";
import { SettingsAnswer } from "../../../schemas/accounts.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { addKey, startWithKeys } from "../account-harness.ts";
import { readProblem } from "../harness.ts";

const { send, operate, createAccount } = startWithKeys();

test("200 for the settings, to the account's key and to the operator, and for what they are set to", async () => {
  const { name, key } = await createAccount();
  const paths = ["/v1/settings", `/operator/accounts/${name}/settings`] as const;
  const read = async (response: Promise<Response>) => SettingsAnswer.parse(await (await response).json());
  for (const answer of [send("GET", paths[0], key), operate("GET", paths[1])]) {
    expect(await read(answer)).toEqual({ result_seconds: LIMITS.resultSeconds });
  }
  expect(await read(send("PUT", paths[0], key, { result_seconds: 3_600 }))).toEqual({ result_seconds: 3_600 });
  expect(await read(operate("GET", paths[1]))).toEqual({ result_seconds: 3_600 });
  const most = { result_seconds: LIMITS.mostResultSeconds };
  expect(await read(operate("PUT", paths[1], most))).toEqual(most);
  expect(await read(send("GET", paths[0], key))).toEqual(most);
});

test("422 for a time that is too short or too long, and for none; 403 without the scope admin", async () => {
  const { name, key } = await createAccount();
  for (const result_seconds of [LIMITS.leastResultSeconds - 1, LIMITS.mostResultSeconds + 1, 3_600.5, undefined]) {
    const problem = await readProblem(await send("PUT", "/v1/settings", key, { result_seconds }));
    expect(problem).toMatchObject({ status: 422, errors: [{ pointer: "/result_seconds" }] });
  }
  const weak = await addKey(name, { scopes: ["recognize", "stages"] });
  expect((await send("PUT", "/v1/settings", weak.key, { result_seconds: 3_600 })).status).toBe(403);
});
