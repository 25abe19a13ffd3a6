import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { allowedHosts, listOf, ownSiteOnly } from "../../../functions/guard.ts";
import { input, scripted } from "./scripted-host.ts";

/** The status that a server with these names answers. */
async function status(names: readonly string[] | null, headers: Record<string, string>) {
  const app = new Hono();
  app.use(ownSiteOnly(names));
  app.get("/", (c) => c.text("answered"));
  return (await app.request("/", { headers })).status;
}

describe("ownSiteOnly", () => {
  test.each([
    "localhost",
    "localhost:8788",
    "127.0.0.1:8788",
    "127.9.9.9",
    "[::1]:8788",
    "app.localhost",
    "10.0.0.7:80",
  ])("answers when Host is %s", async (host) => {
    expect(await status([], { host })).toBe(200);
  });

  test.each([
    "evil.example",
    "evil.example:8788",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "not a host",
    "",
  ])("answers 403 when Host is the name %o, as after DNS rebinding", async (host) => {
    expect(await status([], { host })).toBe(403);
  });

  test("answers a name that the operator allows, whatever its port and case, and every name when told so", async () => {
    expect(await status(["functions"], { host: "FUNCTIONS:5000" })).toBe(200);
    expect(await status(["functions"], { host: "other:5000" })).toBe(403);
    expect(await status(null, { host: "gpu.example.com" })).toBe(200);
  });

  test.each([
    ["http://localhost:8788", 200],
    ["https://localhost:8788", 200],
    ["http://localhost:3000", 403],
    ["http://evil.example", 403],
    ["null", 403],
    ["", 403],
  ])("when Host is localhost:8788 and Origin %o, answers %i", async (origin, expected) => {
    expect(await status(null, { host: "localhost:8788", origin })).toBe(expected);
  });
});

describe("allowedHosts", () => {
  test.each([
    [{}, []],
    [{ HOST: "localhost" }, []],
    [{ HOST: "::1" }, []],
    [{ HOST: "0.0.0.0" }, null],
    [{ HOST: "0.0.0.0", ALLOWED_HOSTS: "functions, GPU.example.com" }, ["functions", "gpu.example.com"]],
    [{ HOST: "127.0.0.1", ALLOWED_HOSTS: "" }, []],
  ])("of %o are %o", (env, names) => {
    expect(allowedHosts(env)).toEqual(names);
  });

  test("listOf reads items between commas", () => {
    expect(listOf(" a,, B ")).toEqual(["a", "b"]);
    expect(listOf(undefined)).toEqual([]);
  });
});

describe("jsonOnly", () => {
  test.each([
    ["application/json", 200],
    ["Application/JSON; charset=utf-8", 200],
    ["text/plain", 415],
    ["text/plain; application/json", 415],
    ["application/x-www-form-urlencoded", 415],
    ["", 415],
  ])("when Content-Type is %o, a prediction answers %i", async (type, expected) => {
    expect((await scripted().post({ input }, { "content-type": type })).status).toBe(expected);
  });
});
