import type { IngestInvariant } from "../support/webhooks/ingest/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** One mutation or more for each invariant of an incoming message, by a name. */
export const INGEST = {
  "the sender's id is not part of the job's id": {
    invariant: "has one job for each of its pictures, or one without",
    file: "src/webhooks/ingest/job-ids.ts",
    find: "JSON.stringify([source, identity, index])",
    replace: "JSON.stringify([source, index])",
  },
  "the picture's place is not part of the job's id": {
    invariant: "has one job for each of its pictures, or one without",
    file: "src/webhooks/ingest/job-ids.ts",
    find: "JSON.stringify([source, identity, index])",
    replace: "JSON.stringify([source, identity])",
  },
  "the source is not part of the job's id": {
    invariant: "has one job for each of its pictures, or one without",
    file: "src/webhooks/ingest/job-ids.ts",
    find: "JSON.stringify([source, identity, index])",
    replace: "JSON.stringify([identity, index])",
  },
  "the signature is not verified": {
    invariant: "is refused when its source did not sign it",
    file: "src/webhooks/read-signed.ts",
    find: "  if (!(await signedBy.isSigned(claim, body))) throw invalid(problem);\n",
    replace: "",
  },
  "a repeat skips a job that was not begun": {
    invariant: "has all its jobs when it is acknowledged",
    file: "src/routes/ingest.ts",
    find: "  return Promise.all(orders.map((order) => askJob(jobs.at(order.id).begin(order), runtime)));\n",
    replace:
      "  const [first, ...more] = orders.map((order) => () => askJob(jobs.at(order.id).begin(order), runtime));\n" +
      "  return first().then((isNew) => Promise.all([isNew, ...(isNew ? more.map((ask) => ask()) : [])]));\n",
  },
  "a message is acknowledged before its jobs have begun": {
    invariant: "has all its jobs when it is acknowledged",
    file: "src/routes/ingest.ts",
    find: "const begun = await begin(orders, dependencies);",
    replace: "const begun = [true]; void begin(orders, dependencies).catch(() => undefined);",
  },
  "a message is acknowledged although a job got lost": {
    invariant: "has all its jobs when it is acknowledged",
    file: "src/routes/ingest.ts",
    find: "const begun = await begin(orders, dependencies);",
    replace: "const begun = await begin(orders, dependencies).catch(() => [true]);",
  },
  "a message that is written in another way is another one": {
    invariant: "has the same jobs each time that it comes",
    file: "src/webhooks/ingest/map-message.ts",
    find: 'identity: ["id", ...parts]',
    replace: 'identity: ["body", digest]',
  },
} as const satisfies Readonly<Record<string, MutationOf<IngestInvariant>>>;
