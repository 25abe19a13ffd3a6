import { beforeEach, describe, expect, expectTypeOf, test } from "vitest";
import type { AccountCalls, DeliveryNote } from "../../../../src/accounts/calls.ts";
import {
  type DeliverDependencies,
  deliverDue,
  type OutboxAccount,
} from "../../../../src/webhooks/outbox/deliver-due.ts";
import { createOutbox, dropUnsent, enqueue, nextDue, redeliver, told } from "../../../../src/webhooks/outbox/outbox.ts";
import { isSigned, newWebhookSecret, readClaim } from "../../../../src/webhooks/standard-webhooks.ts";
import { NodeDatabase } from "../../../support/accounts/node-database.ts";
import { VirtualTime } from "../../../support/virtual-time.ts";
import { useQuickHmac } from "../../../support/webhooks/quick-hmac.ts";

const [NEW, OLD, OWN] = [1, 2, 3].map((fill) => newWebhookSecret((length) => new Uint8Array(length).fill(fill))) as [
  string,
  string,
  string,
];
const NOW = Date.UTC(2026, 10, 26);
const OWN_URL = "https://own.example.com/hook?key=s3cret";

useQuickHmac();

let database: NodeDatabase;
let time: VirtualTime;
let notes: DeliveryNote[];
let log: Array<Record<string, unknown>>;
let sent: Array<{ readonly url: string; readonly headers: Headers; readonly body: Uint8Array; readonly at: number }>;
beforeEach(() => {
  database = new NodeDatabase();
  createOutbox(database);
  time = new VirtualTime(NOW);
  [notes, log, sent] = [[], [], []];
});

type Answer = (init: RequestInit, url: URL) => Promise<Response>;
const answers =
  (status: number, headers = {}) =>
  async () =>
    new Response(null, { status, headers });
const hangs: Answer = ({ signal }) =>
  new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
const account = (change: Partial<OutboxAccount> = {}): OutboxAccount => ({
  webhook: async (id) => ({ url: `https://${id.replace("_", "-")}.example.com/`, secrets: [NEW, OLD] }),
  noteDelivery: async (note) => void notes.push(note),
  ...change,
});
const dependencies = (answer: Answer, change: Partial<DeliverDependencies> = {}): DeliverDependencies => ({
  database,
  clock: time.clock,
  timer: time.timer,
  chance: () => 0,
  fetchPublic: (url, init) => {
    sent.push({
      url: url.href,
      headers: new Headers(init.headers),
      body: init.body as Uint8Array<ArrayBuffer>,
      at: time.now,
    });
    return answer(init, url);
  },
  allowedOrigins: new Set(),
  account: account(),
  log: (line) => log.push(line),
  ...change,
});
const deliver = (...given: Parameters<typeof dependencies>) => time.pass(deliverDue(dependencies(...given)));
const add = (receiver: Parameters<typeof enqueue>[1]["receiver"] = { endpoint: "wh_1" }) =>
  enqueue(database, { subject: "req_1", event: "job.succeeded", receiver, body: '{"name":"Eileen"}' }, time.now);

describe("deliverDue", () => {
  test("is written for the account's own calls", () => {
    expectTypeOf<AccountCalls>().toMatchTypeOf<OutboxAccount>();
  });

  test("sends a message to an endpoint, signed with both secrets, and tells the account", async () => {
    const id = add();
    await deliver(answers(204));
    const [{ url, headers, body } = expect.fail()] = sent;
    expect([sent.length, url, headers.get("webhook-id")]).toEqual([1, "https://wh-1.example.com/", id]);
    const claim = readClaim(headers, NOW / 1000);
    for (const secret of [NEW, OLD]) expect(claim && (await isSigned(claim, body, secret))).toBe(true);
    expect(notes).toEqual([
      {
        endpoint: "wh_1",
        delivery: id,
        subject: "req_1",
        event: "job.succeeded",
        attempt: 1,
        at: NOW,
        status: 204,
        error: null,
        nextAt: null,
      },
    ]);
    expect([told(database), nextDue(database)]).toEqual([true, null]);
  });

  test("sends to an address of the request with its own secret, and asks no account", async () => {
    add({ url: OWN_URL, secret: OWN });
    const never = async () => expect.fail();
    await deliver(answers(200), { account: { webhook: never, noteDelivery: never } });
    const claim = readClaim(sent[0]?.headers ?? new Headers(), NOW / 1000);
    expect([sent[0]?.url, claim && (await isSigned(claim, sent[0]?.body ?? new Uint8Array(), OWN))]).toEqual([
      OWN_URL,
      true,
    ]);
    expect(JSON.stringify(log)).not.toMatch(/own\.example|s3cret|whsec|Eileen/);
    expect(log).toMatchObject([{ event: "webhook_delivery", endpoint: null, attempt: 1, status: 200 }]);
  });

  test("tries eight times over a day and a half, with one id and a new timestamp each time", async () => {
    const id = add();
    for (let due = nextDue(database); due !== null; due = nextDue(database)) {
      time.now = due;
      await deliver(answers(500));
    }
    const seconds = sent.map(({ at }) => (at - NOW) / 1000);
    expect(seconds).toEqual([0, 5, 305, 2_105, 9_305, 27_305, 63_305, 113_705]);
    expect(new Set(sent.map(({ headers }) => headers.get("webhook-id")))).toEqual(new Set([id]));
    expect(sent.map(({ headers }) => Number(headers.get("webhook-timestamp")) - NOW / 1000)).toEqual(seconds);
    expect(notes.map(({ attempt, nextAt }) => [attempt, nextAt && (nextAt - NOW) / 1000])).toEqual(
      [...seconds.slice(1), null].map((next, index) => [index + 1, next]),
    );
  });

  test.each([
    ["410", answers(410), null],
    ["a redirect", answers(301, { location: "https://example.com/" }), 5_000],
    ["429 and Retry-After", answers(429, { "retry-after": "3600" }), 3_600_000],
    ["503 and a date", answers(503, { "retry-after": new Date(NOW + 60_000).toUTCString() }), 60_000],
  ])("after %s sends again when it should", async (_, answer, wait) => {
    add();
    await deliver(answer);
    expect([sent.length, nextDue(database)]).toEqual([1, wait && NOW + wait]);
  });

  test("sends nothing to an endpoint that is disabled or deleted", async () => {
    add();
    await deliver(answers(200), { account: account({ webhook: async () => null }) });
    expect([sent, notes, nextDue(database), told(database)]).toEqual([[], [], null, false]);
  });

  test("sends nothing to an address that the guard refuses, and tries again", async () => {
    add({ url: "https://169.254.169.254/", secret: OWN });
    await deliver(answers(200));
    expect([sent, nextDue(database)]).toEqual([[], NOW + 5_000]);
    expect(log).toMatchObject([{ status: null, error: "does not name a public host" }]);
  });

  test("asks again in a minute for an endpoint of an account that does not answer, without an attempt", async () => {
    add();
    const away = () => Promise.reject(new Error("away"));
    await deliver(answers(200), { account: account({ webhook: away }) });
    expect([sent, nextDue(database)]).toEqual([[], NOW + 60_000]);
    time.now += 60_000;
    await deliver(answers(200), { account: account({ webhook: () => new Promise(() => undefined) }) });
    expect([sent, nextDue(database)]).toEqual([[], NOW + 123_000]);
    time.now += 60_000;
    await deliver(answers(200));
    expect([sent.length, notes[0]?.attempt, told(database)]).toEqual([1, 1, true]);
  });

  test.each([
    ["fails", () => Promise.reject(new Error("away"))],
    ["hangs", () => new Promise<void>(() => undefined)],
  ])("records an attempt when telling the account %s", async (_, noteDelivery) => {
    add();
    await deliver(answers(200), { account: account({ noteDelivery }) });
    expect(told(database)).toBe(true);
    expect(log.map(({ event }) => event)).toEqual(["webhook_delivery", "webhook_note_lost"]);
  });

  test("sends at most five at a time, and one that hangs delays no other by more than 15 s", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => add({ endpoint: `wh_${index}` }));
    let [open, most] = [0, 0];
    const answer: Answer = async (init, url) => {
      most = Math.max(most, ++open);
      try {
        return await (/wh-[012]\./.test(url.href) ? hangs(init, url) : time.sleep(100).then(answers(200)));
      } finally {
        open--;
      }
    };
    await deliver(answer);
    expect([most, sent.length, new Set(sent.map(({ headers }) => headers.get("webhook-id")))]).toEqual([
      5,
      12,
      new Set(ids),
    ]);
    expect(notes.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(Math.max(...sent.map(({ at }) => at)) - NOW).toBeLessThan(1_000);
    expect(nextDue(database)).toBe(NOW + 15_000 + 5_000);
  });

  test("leaves what is not due", async () => {
    add();
    await deliver(answers(500));
    await deliver(answers(200));
    expect([sent.length, nextDue(database)]).toEqual([1, NOW + 5_000]);
  });

  test("sends no message that was dropped while the account was asked", async () => {
    add();
    const webhook = async (id: string) => {
      dropUnsent(database);
      return account().webhook(id);
    };
    await deliver(answers(200), { account: account({ webhook }) });
    expect([sent, nextDue(database)]).toEqual([[], null]);
  });

  test("sends again what was asked for while it failed", async () => {
    const id = add();
    await deliver(async () => {
      redeliver(database, id, time.now);
      return new Response(null, { status: 500 });
    });
    expect(nextDue(database)).toBe(NOW);
    await deliver(answers(200));
    expect(notes.map(({ attempt, nextAt }) => [attempt, nextAt])).toEqual([
      [1, NOW],
      [2, null],
    ]);
  });

  test("rejects when the database does, after all other attempts have ended", async () => {
    for (const endpoint of ["wh_1", "wh_2"]) add({ endpoint });
    let transactions = 0;
    const broken = {
      all: database.all.bind(database),
      run: database.run.bind(database),
      transaction: <Result>(work: () => Result) => {
        if (transactions++ === 0) throw new Error("the disk is full");
        return database.transaction(work);
      },
    } as const;
    await expect(deliver(answers(200), { database: broken })).rejects.toThrow("the disk is full");
    expect([sent.length, notes.length]).toEqual([2, 1]);
  });
});
