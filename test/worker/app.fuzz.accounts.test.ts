import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toNanoDollars } from "../../schemas/money.ts";
import document from "../../schemas/openapi.json";
import { type Schema, validValue, wildValue } from "../support/schema-arbitrary.ts";
import { addKey, type KeysHarness, startWithKeys } from "./account-harness.ts";
import { conform, DESCRIBED, type Described } from "./conform.ts";
import { picture } from "./harness.ts";
import { unsteady } from "./unsteady.ts";

/** Calls of each operation on accounts, and paid calls of each operation with keys. */
const [CALLS, PAID_CALLS] = [60, 200];
/** What the operator's route gives a new account, in nano-dollars. */
const MONEY = toNanoDollars("10");

const REQUEST = `req_${"0".repeat(26)}`;
const WEBHOOK = `wh_${"a".repeat(24)}`;
const SECRET = `whsec_${"A".repeat(43)}=`;

const on = (tag: string) => DESCRIBED.filter(({ operation }) => operation.tags.includes(tag));
const images = fc.constant(await picture());
const schemaOf = ({ requestBody }: Described) => requestBody?.content["application/json"]?.schema;
const bodyOf = (schema: Schema | undefined) =>
  schema
    ? fc.oneof(
        { weight: 3, arbitrary: validValue(schema, document as never, images) },
        { weight: 1, arbitrary: wildValue(schema, document as never, images) },
      )
    : fc.constant(undefined);

let app: KeysHarness;
let tenant: Awaited<ReturnType<KeysHarness["createAccount"]>>;
const good = new Set<string>();
beforeAll(async () => {
  // The clock of the accounts is the platform's.
  const fetchPublic = async () => new Response(null, { status: 204 });
  const jobs = {
    getByName: (name: string) => ({
      redeliver: async () => name === REQUEST,
      facts: async () => null,
      settled: async () => undefined,
    }),
  };
  app = startWithKeys(unsteady(1), { clock: Date.now, fetchPublic }, { JOBS: jobs });
  tenant = await app.createAccount();
});

async function send(one: (typeof DESCRIBED)[number], path: string, token: string | null, body: unknown, headers = {}) {
  const response = await app.send(one.method.toUpperCase(), path, token, body, headers);
  if (response.ok) good.add(one.operation.operationId);
  await conform(one.operation, response);
}

/** The id of a new source whose jobs an account pays for. */
async function addSource(account: string): Promise<string> {
  const source = { name: "desk", account, signature: { scheme: "github" }, mapping: { text: "/text" } };
  return ((await (await app.operate("POST", "/operator/sources", source)).json()) as { id: string }).id;
}

describe("any request about an account", () => {
  test.each(
    [...on("accounts"), ...on("webhooks"), ...on("operator")].map((one) => [one.operation.operationId, one] as const),
  )(
    "to %s is answered as the OpenAPI document says, whatever it holds in its hands",
    async (_, one) => {
      const own = await app.createAccount();
      const narrow = await addKey(own.name, { scopes: ["stages"] });
      const spare = await addKey(own.name, { scopes: ["recognize"] });
      const endpoint = { secret: SECRET, url: "https://example.com/", events: ["job.failed"], name: "" } as const;
      await own.calls.createWebhook({ ...endpoint, id: WEBHOOK });
      const note = { delivery: "msg_1", subject: REQUEST, event: "job.failed", attempt: 1, at: 0, nextAt: null };
      await own.calls.noteDelivery({ ...note, endpoint: WEBHOOK, status: 204, error: null });
      const isOperators = one.operation.tags.includes("operator");
      const owner = isOperators ? "operator" : own.key;
      const token = fc.oneof(
        { weight: 6, arbitrary: fc.constant<string | null>(owner) },
        {
          weight: 1,
          arbitrary: fc.constantFrom<string | null>(null, "nk_live_", narrow.key, tenant.key, `${own.key}0`),
        },
      );
      const kept = isOperators ? await addSource(own.name) : "x";
      const values: Record<string, fc.Arbitrary<string>> = {
        source: fc.oneof({ weight: 4, arbitrary: fc.constant(kept) }, fc.constantFrom(`src_${"0".repeat(24)}`, "x")),
        account: fc.oneof(fc.constant(own.name), fc.constantFrom("nobody", "public", "A B", "x".repeat(40))),
        id: one.path.includes("/requests/")
          ? fc.constantFrom(REQUEST, "req_1", "é")
          : one.path.includes("/webhooks/")
            ? fc.constantFrom(WEBHOOK, WEBHOOK, `wh_${"0".repeat(24)}`, "x")
            : fc.constantFrom(own.keyId, spare.keyId, `key_${"0".repeat(24)}`, "x"),
        delivery: fc.constantFrom("msg_1", "msg_1", "é"),
      };
      const names = [...one.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      const filled = fc.tuple(...names.map((name) => values[name] ?? fc.constant("x"))).map((words) => {
        const rest = [...words];
        return one.path.replace(/\{\w+\}/g, () => encodeURIComponent(rest.shift() ?? "x"));
      });
      const query = fc.constantFrom("", "", "?limit=2", "?cursor=x", "?from=2026-11-26&to=2026-11-01", "?unknown=1");
      const accept = fc.constantFrom({}, {}, { accept: "text/csv" }, { accept: "image/png" });
      await fc.assert(
        fc.asyncProperty(
          filled,
          query,
          token,
          bodyOf(schemaOf(one.operation)),
          accept,
          (path, search, key, body, more) =>
            send(one, path + (one.method === "get" ? search : ""), key === "operator" ? OPERATOR : key, body, more),
        ),
        { numRuns: CALLS },
      );
    },
    60_000,
  );
});

const OPERATOR = "development-only-not-a-secret";
const atOnce = (body: unknown) =>
  body && typeof body === "object" ? { ...body, webhook: undefined, deadline_ms: undefined } : body;

describe("any paid request", () => {
  test.each([...on("recognition"), ...on("stages")].map((one) => [one.operation.operationId, one] as const))(
    "to %s with keys and Idempotency-Keys is answered as the OpenAPI document says",
    async (_, one) => {
      const narrow = await addKey(tenant.name, { scopes: ["admin"] });
      const free = await addKey(tenant.name, { scopes: ["recognize", "stages"], mode: "test" });
      const token = fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom<string | null>(tenant.key, free.key) },
        { weight: 1, arbitrary: fc.constantFrom<string | null>(null, narrow.key, `${tenant.key}0`) },
      );
      const key = fc.constantFrom<string | null>(null, null, "one", "two", '"three"', "", "é", "k".repeat(256));
      // No random address is one of https, and most random deadlines are those of jobs: some requests have neither.
      const time = fc.constantFrom((body: unknown) => body, atOnce);
      const type = fc.constantFrom({}, {}, { accept: "text/event-stream" }, { accept: "image/svg+xml" });
      await fc.assert(
        fc.asyncProperty(
          token,
          key,
          type,
          bodyOf(schemaOf(one.operation)),
          time,
          (text, repeated, accept, body, more) =>
            send(one, one.path, text, more(body), {
              ...accept,
              ...(repeated !== null && { "idempotency-key": repeated }),
            }),
        ),
        { numRuns: PAID_CALLS },
      );
    },
    60_000,
  );

  afterAll(async () => {
    const { calls } = tenant;
    const { lines } = await calls.usage({
      from: null,
      to: null,
      keyId: null,
      operation: null,
      cursor: null,
      limit: 99,
    });
    const charged = lines.reduce((sum, { amount }) => sum + amount, 0);
    expect(charged).toBeGreaterThan(0);
    expect(await calls.balance()).toMatchObject({ available: MONEY - charged, reserved: 0, owed: 0 });
    // No random address is one of https, no random account is there to pay; nobody tops up here. The tests of these
    // routes do all of it.
    const all = DESCRIBED.filter(({ operation: { tags } }) =>
      ["accounts", "webhooks", "operator", "recognition", "stages"].some((tag) => tags.includes(tag)),
    );
    const never = all.map(({ operation }) => operation.operationId).filter((id) => !good.has(id));
    expect(never).toEqual(["createTopUp", "createWebhook", "createSource"]);
  });
});
