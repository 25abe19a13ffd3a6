import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MUTATIONS, type Subject } from "../mutations/table.ts";
import { INVARIANTS as PAID_INVARIANTS } from "../support/accounts/model/invariants.ts";
import { INVARIANTS as BATCH_INVARIANTS } from "../support/batches/model/invariants.ts";
import { INVARIANTS as CHAT_INVARIANTS } from "../support/bots/model/invariants.ts";
import { INVARIANTS as JOB_INVARIANTS } from "../support/jobs/model/invariants.ts";
import { INVARIANTS } from "../support/request/invariants.ts";
import { INVARIANTS as INGEST_INVARIANTS } from "../support/webhooks/ingest/invariants.ts";
import { INVARIANTS as MESSAGE_INVARIANTS } from "../support/webhooks/invariants.ts";
import { INVARIANTS as PAYMENT_INVARIANTS } from "../support/x402/invariants.ts";
import { ROOT } from "./planted-project.ts";

test.each(Object.entries(MUTATIONS))("the code has the place of the mutation once: %s", (_, mutation) => {
  const code = readFileSync(join(ROOT, mutation.file), "utf8");
  expect(code.split(mutation.find)).toHaveLength(2);
  expect(mutation.replace).not.toBe(mutation.find);
});

const INVARIANTS_OF: Readonly<Record<Subject, object>> = {
  "a request": INVARIANTS,
  "a paid request": PAID_INVARIANTS,
  "a message": MESSAGE_INVARIANTS,
  "a job": JOB_INVARIANTS,
  "a batch": BATCH_INVARIANTS,
  "an incoming message": INGEST_INVARIANTS,
  "a message to a bot": CHAT_INVARIANTS,
  "a payment": PAYMENT_INVARIANTS,
};

test.each(Object.entries(INVARIANTS_OF))("there is a mutation for each invariant of %s", (of, invariants) => {
  const mutations = Object.values(MUTATIONS).filter(({ subject }) => subject === of);
  const broken = new Set<string>(mutations.map(({ invariant }) => invariant));
  expect(Object.keys(invariants).filter((invariant) => !broken.has(invariant))).toEqual([]);
});
