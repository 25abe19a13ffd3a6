import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { readProblem, startApp } from "../harness.ts";

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };
const ACCEPT = { accept: "application/json, text/event-stream" };
const post = (headers: object, variables: object = {}, body: unknown = LIST) =>
  startApp(undefined, {}, { ...variables }).post(body, { ...ACCEPT, ...headers }, "/mcp");

test("is for clients, and for pages of this machine, where nobody needs a key", async () => {
  expect((await post({})).status).toBe(200);
  expect((await post({ origin: "http://localhost:5173" })).status).toBe(200);
  for (const origin of ["https://attacker.example", "http://localhost.attacker.example", "null"]) {
    const refused = await post({ origin });
    expect([refused.status, (await readProblem(refused)).code]).toEqual([403, "origin_not_allowed"]);
  }
  const keys = { ACCESS: "keys", KEY_CHECK_SECRET: "secret" };
  expect((await post({ origin: "https://agent.example" }, keys)).status).toBe(200);
});

test("refuses a key that was not made here, and a body that is too large, without reading it", async () => {
  const keys = { ACCESS: "keys", KEY_CHECK_SECRET: "secret" };
  const unknown = await post({ authorization: "Bearer nk_live_a_b" }, keys);
  expect([unknown.status, (await readProblem(unknown)).code]).toEqual([401, "key_invalid"]);
  const large = await post({}, keys, "x".repeat(LIMITS.unpaidBodyBytes));
  expect([large.status, (await readProblem(large)).code]).toEqual([413, "body_too_large"]);
});

test("refuses what is no JSON, answers what is no MCP with an error of MCP, and other methods with 405", async () => {
  const app = startApp();
  const broken = await app.fetch("/mcp", {
    method: "POST",
    headers: { ...ACCEPT, "content-type": "application/json" },
    body: "{",
  });
  expect([broken.status, (await readProblem(broken)).code]).toEqual([400, "invalid_json"]);
  const other = await app.post({ text: "Felix" }, ACCEPT, "/mcp");
  expect([other.status, await other.json()]).toMatchObject([400, { jsonrpc: "2.0", error: { code: -32600 } }]);
  const got = await app.fetch("/mcp");
  expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
});
