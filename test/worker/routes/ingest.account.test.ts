import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { priceOf } from "../../../schemas/prices.ts";
import { newAccount } from "../accounts/test-accounts.ts";
import { NOON, readProblem } from "../harness.ts";
import { accepted, deliver, MASTODON, startIngest, status } from "../ingest-harness.ts";

describe("who pays", () => {
  test("is asked by each job for the most that it may cost, by its own picture", async () => {
    const ingest = startIngest({}, { ACCESS: "keys" });
    const { name } = await newAccount();
    const source = await ingest.add({
      ...MASTODON,
      account: name,
      defaults: { max_entities: 3, store: false, deadline_ms: 60_000 },
    });
    const sent = status();
    const { jobs } = await accepted(await deliver(ingest, source, sent));
    expect(ingest.jobs.orders.get(jobs[0] ?? "")).toMatchObject({
      account: name,
      payer: {
        kind: "asks",
        credential: { source: source.id },
        most: priceOf("recognize", { calls: 1, entities: 3, masks: 3 }),
        bodyBytes: JSON.stringify(sent).length,
        entities: 3,
      },
      deadline: NOON + 60_000,
      keepSeconds: LIMITS.resultSeconds,
    });
    const bare = await accepted(await deliver(ingest, source, status({ id: "2", media_attachments: [] })));
    const { payer } = ingest.jobs.orders.get(bare.jobs[0] ?? "") ?? {};
    expect(payer).toMatchObject({ most: priceOf("recognize", { calls: 1, entities: 0, masks: 0 }) });
  });
});

describe("a source whose account is of another time", () => {
  test("made where nobody pays is refused where accounts do, by what to do, and nothing runs", async () => {
    const source = await startIngest().add();
    const paid = startIngest({}, { ACCESS: "keys" });
    const problem = await readProblem(await deliver(paid, source, status()));
    expect(problem).toMatchObject({ status: 403, code: "source_not_paid", detail: expect.stringContaining(source.id) });
    expect(problem.detail).toContain("add it again with an account");
    expect(paid.jobs.orders.size).toBe(0);
    const listed = await (await paid.operate("GET", "/operator/sources")).json();
    expect(listed).toMatchObject({ sources: [{ id: source.id, account: null }] });
  });

  test("is refused once that was deleted, but not before its signature was verified", async () => {
    const ingest = startIngest({}, { ACCESS: "keys" });
    const { name, calls } = await newAccount();
    const source = await ingest.add({ ...MASTODON, account: name });
    await calls.deleteAccount();
    expect((await readProblem(await deliver(ingest, source, status()))).code).toBe("source_not_paid");
    const forged = await deliver(ingest, source, status(), { secret: "another secret" });
    expect((await readProblem(forged)).code).toBe("signature_invalid");
    expect(ingest.jobs.orders.size).toBe(0);
  });

  test("is everybody's where there are no accounts any more", async () => {
    const { name } = await newAccount();
    const source = await startIngest({}, { ACCESS: "keys" }).add({ ...MASTODON, account: name });
    const open = startIngest();
    const { jobs } = await accepted(await deliver(open, source, status()));
    expect(open.jobs.orders.get(jobs[0] ?? "")).toMatchObject({ account: "public", payer: { kind: "nobody" } });
  });
});
