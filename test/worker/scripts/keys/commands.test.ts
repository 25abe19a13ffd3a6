import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { COMMANDS, type Options } from "../../../../scripts/keys/commands.ts";
import { makeDevelopmentKeys } from "../../../../scripts/keys/development.ts";
import type { Service } from "../../../../scripts/keys/service.ts";
import { startWithKeys } from "../../account-harness.ts";
import { NOON, TEXT } from "../../harness.ts";

const app = startWithKeys();
const service: Service = {
  url: new URL("https://namesight.test"),
  token: env.OPERATOR_TOKEN,
  fetch: (request) => app.fetch(request.url, request),
};
const NONE: Options = { yes: false, json: false, help: false };
const run = async (name: string, words: string[], options: Partial<Options> = {}) => {
  const outcome = await COMMANDS[name]?.run(service, words, { ...NONE, ...options });
  return { text: outcome?.text ?? "", failed: outcome?.failed ?? false, json: outcome?.json as Record<string, string> };
};

test("create makes an account with a key that may do everything, and then keys as they are asked for", async () => {
  const { json: first, text } = await run("create", ["daily"]);
  expect(first).toMatchObject({ mode: "live", scopes: ["recognize", "stages", "admin"], expires_at: null });
  expect(text).toContain(first.key);
  const { json: second } = await run("create", ["daily"], {
    mode: "test",
    scopes: "recognize, stages",
    expires: "2027-01-01",
    plan: "large",
    name: "reader",
  });
  expect(second).toMatchObject({
    name: "reader",
    mode: "test",
    scopes: ["recognize", "stages"],
    expires_at: "2027-01-01T00:00:00.000Z",
  });
  const { text: listed } = await run("list", ["daily"]);
  expect(listed.split("\n")).toHaveLength(2);
  for (const key of [first.key, second.key]) expect(listed).not.toContain(key);
  expect((await run("balance", ["daily"])).text).toBe("daily: USD 0 (reserved USD 0), plan large");
});

test("create leaves a new account no other key than the one that was asked for", async () => {
  const { json: key } = await run("create", ["weekly"], { scopes: "recognize" });
  const { json } = await run("list", ["weekly"]);
  const working = (json.keys as unknown as Array<{ id: string; revoked_at: string | null }>).filter(
    ({ revoked_at }) => revoked_at === null,
  );
  expect(working.map(({ id }) => id)).toEqual([key.id]);
});

test("rotate, revoke, credit, usage, plan and delete do as they say", async () => {
  const { json: key } = await run("create", ["monthly"]);
  expect((await run("usage", ["monthly"])).text).toBe("The account was not used.");
  expect((await run("credit", ["monthly", "2.5"])).text).toContain("USD 2.5 ");
  expect((await run("credit", ["monthly", "2.5"], { reference: "a" })).json.balance_usd).toBe("5");
  expect((await run("credit", ["monthly", "2.5"], { reference: "a" })).json.balance_usd).toBe("5");
  await app.send("POST", "/v1/mner", key.key ?? "", { text: TEXT });
  expect((await run("usage", ["monthly"])).text).toMatch(/^\d{4}-\d\d-\d\d {2}key_\w{24} {2}mner +1 {2}USD 0\.0005$/);
  const { json: next } = await run("rotate", ["monthly", key.id ?? ""], { overlap: "0" });
  expect((await app.send("GET", "/v1/balance", key.key ?? "")).status).toBe(401);
  expect((await run("revoke", ["monthly", next.id ?? ""])).text).toContain("was revoked at");
  expect((await run("plan", ["monthly", "starter"])).text).toContain("plan starter");
  await expect(run("delete", ["monthly"])).rejects.toThrow("--yes");
  expect((await run("delete", ["monthly"], { yes: true })).text).toBe("Nothing of the account monthly is left.");
  expect(await run("delete", ["monthly"], { yes: true })).toMatchObject({
    text: "There is no account monthly.",
    failed: true,
  });
  await expect(run("balance", ["monthly"])).rejects.toThrow("There is no account monthly.");
});

test.each([
  ["a mode that is none", "create", ["yearly"], { mode: "free" }, "/mode must be one of live, test."],
  ["a time that is none", "create", ["yearly"], { expires: "soon" }, "--expires must be"],
  ["an overlap that is none", "rotate", ["yearly", "key_1"], { overlap: "a day" }, "--overlap must be a whole number"],
  ["an amount that is none", "credit", ["yearly", "ten"], {}, "/amount_usd must be US dollars"],
])("%s is refused in words", async (_what, name, words, options, sentence) => {
  await run("create", ["yearly"]);
  await expect(run(name, words, options)).rejects.toThrow(sentence);
});

test("development keys are new at each start, and the play money comes once", async () => {
  const [first, second] = [await makeDevelopmentKeys(service, NOON), await makeDevelopmentKeys(service, NOON)];
  expect(first.live).not.toBe(second.live);
  expect(first.test).toMatch(/^nk_test_development_/);
  for (const { live, test: free } of [first, second]) {
    for (const key of [live, free]) {
      const balance = await app.send("GET", "/v1/balance", key);
      expect(await balance.json()).toMatchObject({ account: "development", balance_usd: "10" });
    }
  }
});
