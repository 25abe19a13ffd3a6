import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { startWithKeys } from "../account-harness.ts";
import { picture, readProblem, TEXT } from "../harness.ts";

test("204, also again: nothing of the account is left, and nothing of another is gone", async () => {
  const app = startWithKeys();
  const [gone, stays] = [await app.createAccount(), await app.createAccount()];
  const image = await picture();
  for (const { key } of [gone, stays]) await app.send("POST", "/v1/recognize", key, { text: TEXT, image });
  for (const kind of ["answers", "jobs"]) await env.MASKS.put(`${kind}/${gone.name}/req_1`, "{}");
  const keysOf = async (name: string) =>
    (await env.MASKS.list()).objects.map(({ key }) => key).filter((key) => key.split("/")[1] === name);
  expect((await keysOf(gone.name)).length).toBeGreaterThan(3);
  const before = await keysOf(stays.name);

  for (const _ of ["once", "and again"]) {
    expect((await app.operate("DELETE", `/operator/accounts/${gone.name}`)).status).toBe(204);
    expect(await keysOf(gone.name)).toEqual([]);
  }
  expect(await gone.calls.exists()).toBe(false);
  expect(await readProblem(await app.send("GET", "/v1/balance", gone.key))).toMatchObject({ code: "key_invalid" });
  expect(await keysOf(stays.name)).toEqual(before);
  expect((await app.send("GET", "/v1/balance", stays.key)).status).toBe(200);
});

test("its sources are deleted, and those of others stay", async () => {
  const app = startWithKeys();
  const [gone, stays] = [await app.createAccount(), await app.createAccount()];
  const add = async (account: string) => {
    const source = { name: "desk", account, signature: { scheme: "github" }, mapping: { text: "/text" } };
    return ((await (await app.operate("POST", "/operator/sources", source)).json()) as { id: string }).id;
  };
  const [its, rotated, other] = [await add(gone.name), await add(gone.name), await add(stays.name)];
  await app.operate("POST", `/operator/sources/${rotated}/rotate`, {});
  expect((await app.operate("DELETE", `/operator/accounts/${gone.name}`)).status).toBe(204);
  const status = async (id: string) => (await app.operate("GET", `/operator/sources/${id}`)).status;
  expect([await status(its), await status(rotated), await status(other)]).toEqual([404, 404, 200]);
});

test.each(["public", "x", "a%2Fb"])("404 for %s, which no account is called", async (name) => {
  const app = startWithKeys();
  expect(await readProblem(await app.operate("DELETE", `/operator/accounts/${name}`))).toMatchObject({ status: 404 });
});
