import type { PaidInvariant } from "../support/accounts/model/invariants.ts";
import type { BatchInvariant } from "../support/batches/model/invariants.ts";
import type { ChatInvariant } from "../support/bots/model/invariants.ts";
import type { JobInvariant } from "../support/jobs/model/invariants.ts";
import type { Invariant } from "../support/request/invariants.ts";
import type { IngestInvariant } from "../support/webhooks/ingest/invariants.ts";
import type { MessageInvariant } from "../support/webhooks/invariants.ts";
import type { PaymentInvariant } from "../support/x402/invariants.ts";
import { BATCHES } from "./batches.ts";
import { BOTS } from "./bots.ts";
import { INGEST } from "./ingest.ts";
import { JOBS } from "./jobs.ts";
import type { MutationOf } from "./mutation.ts";
import { OUTBOX } from "./outbox.ts";
import { PAID_REQUESTS } from "./paid-requests.ts";
import { PAYMENTS } from "./payments.ts";
import { REQUESTS } from "./requests.ts";

/** The property tests that must notice mutations, by whose invariants they check. */
export const PROPERTY_TESTS = {
  "a request": { file: "test/unit/pipeline/recognize.invariants.test.ts", mutations: REQUESTS },
  "a paid request": { file: "test/unit/accounts/paid-request.model.test.ts", mutations: PAID_REQUESTS },
  "a message": { file: "test/unit/webhooks/outbox/deliver-due.model.test.ts", mutations: OUTBOX },
  "a job": { file: "test/unit/jobs/job.model.test.ts", mutations: JOBS },
  "a batch": { file: "test/unit/jobs/batches/batch-state.model.test.ts", mutations: BATCHES },
  "an incoming message": { file: "test/unit/routes/ingest.model.test.ts", mutations: INGEST },
  "a message to a bot": { file: "test/unit/bots/chat-state.model.test.ts", mutations: BOTS },
  "a payment": { file: "test/unit/payments/x402/x402.model.test.ts", mutations: PAYMENTS },
} as const;

export type Subject = keyof typeof PROPERTY_TESTS;

/** Every mutation, by its name. */
export const MUTATIONS: Readonly<
  Record<
    string,
    MutationOf<
      | Invariant
      | PaidInvariant
      | PaymentInvariant
      | MessageInvariant
      | IngestInvariant
      | JobInvariant
      | BatchInvariant
      | ChatInvariant
    > & {
      readonly subject: Subject;
    }
  >
> = Object.fromEntries(
  Object.entries(PROPERTY_TESTS).flatMap(([subject, { mutations }]) =>
    Object.entries(mutations).map(([name, mutation]) => [name, { subject: subject as Subject, ...mutation }]),
  ),
);

/** The mutation with which this process is to run; null without one. */
export function mutationOf(environment: Readonly<Record<string, string | undefined>>) {
  const name = environment.MUTATION;
  if (!name) return null;
  const mutation = Object.hasOwn(MUTATIONS, name) ? MUTATIONS[name] : undefined;
  if (!mutation) throw new Error(`there is no mutation called ${name}`);
  return mutation;
}

/** The invariants that a property test checks: with a mutation, only the one that it breaks. */
export function checkedInvariants<Name extends string>(
  all: Readonly<Record<Name, unknown>>,
  mutation: ReturnType<typeof mutationOf>,
): Name[] {
  const names = Object.keys(all) as Name[];
  return mutation ? names.filter((name) => name === mutation.invariant) : names;
}
