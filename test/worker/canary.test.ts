import { env } from "cloudflare:workers";
import { afterAll, expect, test, vi } from "vitest";
import { Keys } from "../../src/accounts/keys.ts";
import { FAULTS, type ScriptedCog } from "../support/scripted-cog.ts";
import { addKey, countingBytes, startWithKeys } from "./account-harness.ts";
import { picture, scriptedPost } from "./harness.ts";

/**
 * Words that stand for what may never be told: the post's text, names in it, keys, tokens, secrets and pictures. They
 * are searched for in every log line, problem document and metric of a run with errors of every kind.
 */
const WORD = "Canarywharf";
const POST = `${WORD} met Felix`;
const SECRETS = {
  LINK_SIGNING_KEY: "canary-link-signing-secret-000000000000",
  KEY_CHECK_SECRET: env.KEY_CHECK_SECRET,
  OPERATOR_TOKEN: env.OPERATOR_TOKEN,
  ENDPOINT_LOCAL_TOKEN: "canary-endpoint-token-0000000000000000",
  HF_TOKEN: "canary-hugging-face-token",
};
const QUERY = "canary-signature";

const told: string[] = [];
const metrics: string[] = [];
const spied = vi.spyOn(console, "log").mockImplementation((...line) => void told.push(line.join(" ")));
afterAll(() => spied.mockRestore());

/** Every app of this file has ids of its own. */
const randomBytes = countingBytes();

function start(cog: ScriptedCog, more: Record<string, unknown> = {}) {
  const METRICS = { writeDataPoint: (point: object) => metrics.push(JSON.stringify(point)) };
  const log = (line: object) => void told.push(JSON.stringify(line));
  return startWithKeys(cog, { log, randomBytes }, { ...SECRETS, METRICS, ...more });
}

/** Models that quote the post in every kind of error. */
const quoting = (stage: string) =>
  scriptedPost().on(stage, () => Response.json({ id: "p", status: "failed", error: `broke on ${POST}` }));

test("no key, text, picture, token or secret is in a log line, a problem document or a metric", async () => {
  const app = start(scriptedPost());
  const tenant = await app.createAccount();
  const image = await picture();
  const unknown = (await new Keys(env.KEY_CHECK_SECRET).make(tenant.name, "live", countingBytes())).text;
  const expired = (await addKey(tenant.name, { expiresAt: 1 })).key;
  const narrow = (await addKey(tenant.name, { scopes: ["recognize"] })).key;
  const poor = await app.createAccount();
  await poor.calls.transfer({ kind: "refund", reference: "all", amount: 10_000_000_000 });
  const keys = [tenant.key, unknown, expired, narrow, poor.key, `${tenant.key}x`];
  const statuses = new Set<number>();

  const ask = async (
    from: ReturnType<typeof start>,
    method: string,
    path: string,
    token: string | null,
    body?: unknown,
    headers: object = {},
  ) => {
    const response = await from.send(method, path, token, body, headers);
    statuses.add(response.status);
    const text = await response.text();
    if (response.status >= 400) told.push(text, [...response.headers].join("\n"));
  };

  const post = { text: POST, image };
  for (const key of [...keys, "made-up-token", null]) {
    await ask(app, "POST", "/v1/recognize", key, post, {
      "idempotency-key": `canary ${key?.length}`.replace(" ", "-"),
    });
    await ask(app, "POST", "/v1/mner", key, { text: POST });
    await ask(app, "GET", "/v1/balance", key);
    await ask(app, "POST", "/v1/keys", key, { name: WORD, scopes: ["nothing"] });
    await ask(app, "GET", "/operator/revenue", key);
  }
  // Keys in places where they do not belong.
  for (const [method, path, body] of [
    ["GET", `/v1/usage?key_id=${tenant.key}`, undefined],
    ["GET", `/v1/usage?${tenant.key}=1`, undefined],
    ["DELETE", `/v1/keys/${tenant.key}`, undefined],
    ["GET", `/${tenant.key}`, undefined],
    ["PATCH", `/v1/keys/${tenant.key}/rotate`, undefined],
    ["POST", "/v1/recognize", { text: POST, task: tenant.key, [tenant.key]: 1 }],
    ["POST", "/v1/keys", { name: "a", mode: tenant.key }],
  ] as const) {
    await ask(app, method, path, tenant.key, body);
  }
  // Everything that can be wrong with a request and its picture.
  const wrong = [
    { text: [POST], image: 7 },
    { text: POST, tokens: [WORD] },
    { text: POST, image: `data:image/png;base64,${btoa(WORD)}` },
    { text: POST, image: image.slice(0, 200) },
    { text: POST, image: `https://user:${WORD}@127.0.0.1/${WORD}` },
    { text: POST, entities: [{ start: 5, end: 2, type: "PER" }] },
    { text: POST, image, overlay: WORD.length },
  ];
  for (const body of wrong) await ask(app, "POST", "/v1/recognize", tenant.key, body);
  const broken = await app.fetch("/v1/recognize", {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
    body: `{"text": "${POST}`,
  });
  told.push(await broken.text());
  for (const path of ["/v1/masks/a/b.png", "/v1/overlays/a/b.png", "/v1/pictures/a"]) {
    await ask(app, "GET", `${path}?expires=9&signature=${QUERY}`, null);
  }
  await ask(app, "GET", `/${"a".repeat(9_000)}?${QUERY}`, null);
  await ask(app, "POST", "/hooks/replicate/0", tenant.key, post);
  // Models, accounts and stores that fail.
  for (const stage of ["mner", "expansion", "entailment", "grounding", "segmentation"]) {
    await ask(start(quoting(stage)), "POST", "/v1/recognize", tenant.key, { ...post, store: false });
  }
  for (const fault of Object.values(FAULTS)) {
    await ask(start(scriptedPost().on("mner", fault)), "POST", "/v1/mner", tenant.key, { text: POST });
  }
  const failing = () => {
    throw new Error(`failed on ${POST} with ${tenant.key}`);
  };
  const unreachable = new Proxy({}, { get: () => failing });
  const down = {
    getByName: () => ({
      admit: async () => failing(),
      authenticate: async () => failing(),
      release: async () => failing(),
    }),
  };
  await ask(start(scriptedPost(), { ACCOUNTS: down }), "POST", "/v1/mner", tenant.key, { text: POST });
  await ask(start(scriptedPost(), { ACCOUNTS: down }), "GET", "/v1/balance", tenant.key);
  await ask(start(scriptedPost(), { MASKS: unreachable }), "POST", "/v1/recognize", tenant.key, post);
  await ask(start(scriptedPost(), { EXPANSIONS: unreachable }), "POST", "/v1/recognize", tenant.key, post);
  await ask(start(scriptedPost(), { KEY_RATE: { limit: async () => failing() } }), "GET", "/v1/balance", tenant.key);
  await ask(
    start(scriptedPost(), { KEY_RATE: { limit: async () => ({ success: false }) } }),
    "GET",
    "/v1/balance",
    tenant.key,
  );
  await ask(start(scriptedPost(), { ENVIRONMENT: "production" }), "GET", "/v1/balance", tenant.key);

  expect([...statuses].toSorted()).toEqual(
    expect.arrayContaining([200, 401, 402, 403, 404, 405, 414, 422, 429, 500, 502, 503]),
  );
  expect(told.length).toBeGreaterThan(150);
  expect(metrics.length).toBeGreaterThan(80);
  const secrets = [
    ...keys,
    ...keys.map((key) => key.slice(-20)),
    ...Object.values(SECRETS),
    WORD,
    QUERY,
    "made-up-token",
  ];
  const pictures = [image.slice(40, 80), btoa(WORD)];
  for (const secret of [...secrets, ...pictures]) {
    expect([...told, ...metrics].filter((text) => text.includes(secret))).toEqual([]);
  }
});
