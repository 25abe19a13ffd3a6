import type { MessageInvariant } from "../support/webhooks/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** One mutation for each invariant of a message of the outbox, by a name. */
export const OUTBOX = {
  "an account that cannot be told ends the deliveries": {
    invariant: "is delivered or has failed at last",
    file: "src/webhooks/outbox/deliver-due.ts",
    find: '    log({ event: "webhook_note_lost", delivery: id, endpoint, ...describeError(reason) });\n',
    replace: "    throw reason;\n",
  },
  "each attempt has an id of its own": {
    invariant: "has one id and one body, and is signed each time",
    file: "src/webhooks/outbox/send.ts",
    find: "signMessage(secrets, message.id, ",
    replace: "signMessage(secrets, message.id + begun, ",
  },
  "the last wait is repeated": {
    invariant: "is sent at most eight times, and once more for each kill",
    file: "src/webhooks/outbox/schedule.ts",
    find: "WAITS_MS[attempts - 1]",
    replace: "WAITS_MS[Math.min(attempts, WAITS_MS.length) - 1]",
  },
  "a receiver that is gone is tried again": {
    invariant: "is not sent again once it is known to be taken, or its receiver to be gone",
    file: "src/webhooks/outbox/schedule.ts",
    find: "wait === undefined || status === GONE",
    replace: "wait === undefined",
  },
  "a receiver that asks for less time than the schedule gets less": {
    invariant: "is not sent earlier than its schedule and its receiver say",
    file: "src/webhooks/outbox/schedule.ts",
    find: "return Math.max(jittered, Math.min(asked, ",
    replace: "return Math.min(asked || jittered, (",
  },
  "a redirect is a success": {
    invariant: "is delivered only when its receiver took it",
    file: "src/webhooks/outbox/schedule.ts",
    find: "status < 300",
    replace: "status < 400",
  },
  "a message whose account is away has failed": {
    invariant: "is given up only for a reason",
    file: "src/webhooks/outbox/deliver-due.ts",
    find: "return postpone(database, due, clock() + ACCOUNT_AWAY_MS);",
    replace: "return giveUp(database, due);",
  },
} as const satisfies Readonly<Record<string, MutationOf<MessageInvariant>>>;
