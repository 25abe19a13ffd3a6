import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Scope } from "../../schemas/accounts.ts";
import { type Access, PAGES } from "../../schemas/operation.ts";
import { OPERATIONS } from "../../schemas/operations.ts";
import { Keys } from "../../src/accounts/keys.ts";
import { createApp } from "../../src/app.ts";
import { readBindings } from "../../src/bindings.ts";
import { addKey, countingBytes, type KeysHarness, startWithKeys } from "./account-harness.ts";
import { readProblem } from "./harness.ts";

/** Every route of the app, without its middleware, as OpenAPI writes it: `GET /v1/keys/{id}`. */
const ROUTES = [
  ...new Set(
    createApp(readBindings(env))
      .routes.filter(({ method, path }) => method !== "ALL" && !path.endsWith("*"))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`),
  ),
];
const NEEDED = new Map<string, Access>([
  ...PAGES.map((path) => [`GET ${path}`, "free"] as const),
  ...OPERATIONS.map(({ method, path, access }) => [`${method.toUpperCase()} ${path}`, access] as const),
]);

/** Ids that exist nowhere, by the beginning of the path that has one. */
const IDS: ReadonlyArray<readonly [path: string, id: string]> = [
  ["/v1/requests/", `req_${"0".repeat(26)}`],
  ["/v1/jobs/", `req_${"0".repeat(26)}`],
  ["/v1/batches/", `req_${"0".repeat(26)}`],
  ["/v1/webhooks/", `wh_${"0".repeat(24)}`],
  ["", `key_${"0".repeat(24)}`],
];
/** Values of path parameters: names that exist nowhere. */
const PARAMETERS: Readonly<Record<string, string>> = {
  account: "somebody",
  file: `${"a".repeat(64)}.png`,
  code: "not_found",
  attempt: "0".repeat(32),
};

interface Route {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly access: Access;
  /** A valid body; undefined where there is none. */
  readonly body: unknown;
}

const routes: Route[] = ROUTES.map((route) => {
  const [method = "", pattern = ""] = route.split(" ");
  const [, id] = IDS.find(([begin]) => pattern.startsWith(begin)) ?? [];
  const path = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => ({ ...PARAMETERS, id })[name] ?? name);
  const operation = OPERATIONS.find((one) => `${one.method.toUpperCase()} ${one.path}` === route);
  const [body] = Object.values(operation?.request?.examples ?? {});
  return { route, method, path, body, access: NEEDED.get(route) ?? "operator" };
});
const needing = (...some: Access[]) => routes.filter(({ access }) => some.includes(access));
const KEYED = needing("any key", "recognize", "stages", "admin");
const ASKING = [...KEYED, ...needing("operator")];
const POSTED = { text: "Eileen Collins" };
const SCOPES: readonly Scope[] = ["recognize", "stages", "admin"];

let app: KeysHarness;
beforeAll(() => {
  app = startWithKeys();
});
const ask = ({ method, path, body }: Route, token: string | null) => app.send(method, path, token, body);

test("every route has an entry of what it needs, and every entry a route", () => {
  expect(ROUTES.filter((route) => !NEEDED.has(route))).toEqual([]);
  expect([...NEEDED.keys()].filter((route) => !ROUTES.includes(route))).toEqual([]);
  expect(ASKING.length).toBeGreaterThan(20);
});

/** Refused with 401, and told how to authenticate, before any account was asked. */
async function expectUnasked(response: Response, code: "key_missing" | "key_invalid", route: string) {
  expect([route, response.status]).toEqual([route, 401]);
  expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm="Namesight"/);
  expect((await readProblem(response)).code).toBe(code);
  expect([route, app.asked]).toEqual([route, []]);
}

describe("without asking any account", () => {
  beforeAll(() => app.asked.splice(0));

  test.each(ASKING)("$route: no key", async (route) => {
    await expectUnasked(await ask(route, null), "key_missing", route.route);
  });

  test.each(ASKING)("$route: malformed keys, and keys of another deployment", async (route) => {
    const foreign = await new Keys("another secret").make("somebody", "live", countingBytes());
    const ours = await new Keys(env.KEY_CHECK_SECRET).make("somebody", "live", countingBytes());
    const made = ["nk_live_", "nk_live_somebody_0", foreign.text, `${ours.text}0`, ours.text.slice(0, -1), "a b"];
    for (const key of made) {
      const code = key.includes(" ") ? "key_missing" : "key_invalid";
      await expectUnasked(await ask(route, key), code, route.route);
    }
  });

  test.each(needing("operator"))("$route: a key of an account, whatever it may do", async (route) => {
    const { text } = await new Keys(env.KEY_CHECK_SECRET).make("somebody", "live", countingBytes());
    await expectUnasked(await ask(route, text), "key_invalid", route.route);
  });

  test.each(KEYED)("$route: the operator's token", async (route) => {
    await expectUnasked(await ask(route, env.OPERATOR_TOKEN), "key_invalid", route.route);
  });
});

describe("by a key with a right check", () => {
  let tenant: Awaited<ReturnType<KeysHarness["createAccount"]>>;
  const keys: Record<string, string> = {};
  beforeAll(async () => {
    tenant = await app.createAccount();
    keys.unknown = (await new Keys(env.KEY_CHECK_SECRET).make("nobody99", "live", countingBytes())).text;
    const forgotten = await new Keys(env.KEY_CHECK_SECRET).make(tenant.name, "live", (length) =>
      new Uint8Array(length).fill(9),
    );
    keys.forgotten = forgotten.text;
    const revoked = await addKey(tenant.name, { scopes: SCOPES });
    await tenant.calls.revokeKey(revoked.keyId);
    keys.revoked = revoked.key;
    keys.expired = (await addKey(tenant.name, { scopes: SCOPES, expiresAt: 1 })).key;
    keys.test = (await addKey(tenant.name, { mode: "test", scopes: ["recognize", "stages"] })).key;
  });

  test.each(KEYED)("$route: 401 when it is unknown, revoked or expired", async (route) => {
    for (const name of ["unknown", "forgotten", "revoked", "expired"]) {
      const response = await ask(route, keys[name] ?? "");
      expect([name, response.status]).toEqual([name, 401]);
      expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
      expect((await readProblem(response)).code).toBe("key_invalid");
    }
  });

  test.each(needing(...SCOPES))(
    "$route: 403 with every scope but $access, and past the gate with it",
    async (route) => {
      const others = SCOPES.filter((scope) => scope !== route.access);
      const refused = await ask(route, (await addKey(tenant.name, { scopes: others })).key);
      expect(refused.status).toBe(403);
      expect(refused.headers.get("www-authenticate")).toContain(`scope="${route.access}"`);
      expect((await readProblem(refused)).code).toBe("scope_missing");
      const allowed = await addKey(tenant.name, { scopes: [route.access as Scope] });
      expect([401, 403]).not.toContain((await ask(route, allowed.key)).status);
    },
  );

  test.each(needing("any key"))("$route: past the gate with any scope, also by a test key", async (route) => {
    for (const scope of SCOPES) {
      const { key } = await addKey(tenant.name, { scopes: [scope] });
      expect([401, 403]).not.toContain((await ask(route, key)).status);
    }
    expect([401, 403]).not.toContain((await ask(route, keys.test ?? "")).status);
  });

  test("a test key cannot have the account's administration", async () => {
    for (const route of needing("admin")) expect((await ask(route, keys.test ?? "")).status).toBe(403);
  });
});

describe("another account's", () => {
  test("files: 403 for its key, and for no key at all; 404 for the owner's where there is none", async () => {
    const [owner, other] = [await app.createAccount(), await app.createAccount()];
    for (const { method, path } of needing("link or key")) {
      const own = path.replace("somebody", owner.name);
      for (const token of [null, other.key]) {
        const problem = await readProblem(await app.send(method, own, token));
        expect([path, problem.status, problem.code]).toEqual([path, 403, "link_invalid"]);
      }
      expect((await app.send(method, own, owner.key)).status).toBe(404);
      expect((await app.send(method, own, "nk_live_made_up")).status).toBe(401);
    }
    for (const { method, path } of needing("link")) {
      expect((await readProblem(await app.send(method, path, owner.key))).code).toBe("link_invalid");
    }
  });

  test("usage, balance, keys and requests are not reached by its key", async () => {
    const [owner, other] = [await app.createAccount(), await app.createAccount()];
    const answered = await app.send("POST", "/v1/mner", owner.key, POSTED, { "idempotency-key": "one" });
    const { id } = (await answered.json()) as { id: string };
    expect(answered.status).toBe(200);
    const read = async (path: string) => (await app.send("GET", path, other.key)).text();
    for (const path of ["/v1/usage", "/v1/balance", "/v1/keys"]) expect(await read(path)).not.toContain(owner.name);
    expect(await read("/v1/usage")).toContain('"usage":[]');
    expect(await read("/v1/keys")).not.toContain(owner.keyId);
    // Deleting what another account's request left does nothing: its answer is still replayed.
    await app.send("DELETE", `/v1/requests/${id}`, other.key);
    const again = await app.send("POST", "/v1/mner", owner.key, POSTED, { "idempotency-key": "one" });
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([200, "true"]);
    // The same Idempotency-Key of another account is another one.
    const theirs = await app.send("POST", "/v1/mner", other.key, POSTED, { "idempotency-key": "one" });
    expect([theirs.status, theirs.headers.get("idempotent-replayed")]).toEqual([200, null]);
  });
});

test.each(needing("signed"))("$route: no message is taken by its sender's word, nor by a key", async (route) => {
  const { key } = await app.createAccount();
  for (const token of [null, key, env.OPERATOR_TOKEN]) {
    expect([403, 404, 422]).toContain((await ask(route, token)).status);
  }
});

test.each(needing("free"))("$route: nothing is asked for, and no account", async (route) => {
  app.asked.splice(0);
  expect((await ask(route, null)).status).toBe(200);
  expect(app.asked).toEqual([]);
});
