import type { JobInvariant } from "../support/jobs/model/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** One mutation for each invariant of a job, by a name. */
export const JOBS = {
  "the last end of a job stands": {
    invariant: "ends once, and its end and its answer never change",
    file: "src/jobs/job-state.ts",
    find: "    if (this.#isOver()) this.#forgetNow();\n    else this.#end(",
    replace: "    this.#database.run(\"UPDATE job SET state = 'running'\");\n    this.#end(",
  },
  "a job is begun each time": {
    invariant: "begins once",
    file: "src/jobs/job-state.ts",
    find: "    if (this.#isBegun) {\n      await this.#keepAlarm();\n      return false;\n    }\n",
    replace: "",
  },
  "the answers of earlier processes are not read": {
    invariant: "asks no model again what is answered, and none after its end",
    file: "src/jobs/checkpoints.ts",
    find: "this.ended = rows.filter(({ ended }) => ended !== null)",
    replace: "this.ended = rows.filter(() => false)",
  },
  "no attempt of an earlier process is gone on with": {
    invariant: "has one prediction for each attempt, and one attempt about a thing at a time",
    file: "src/jobs/checkpoints.ts",
    find: "rows.filter(({ ended }) => ended === null)",
    replace: "rows.filter(() => false)",
  },
  "nothing is canceled upstream behind the end": {
    invariant: "leaves no prediction that nobody awaits",
    file: "src/jobs/do-duty.ts",
    find: "      if (kept) await model?.cancel?.(kept);\n",
    replace: "      void [model, kept];\n",
  },
  "a run takes longer than its job": {
    invariant: "ends by its deadline",
    file: "src/jobs/run-job.ts",
    find: "      deadlineMs: left(),\n      deadline: order.deadline,\n",
    replace: "      deadlineMs: left() + 5_000,\n      deadline: order.deadline + 5_000,\n",
  },
  "the account never hears of the end": {
    invariant: "is charged once for an answer or what was handed out before its end, at most what was admitted",
    file: "src/jobs/job-state.ts",
    find: '      if (payer.kind !== "nobody") due.push("settle");\n',
    replace: "",
  },
  "what was read of a canceled job is free": {
    invariant: "is charged once for an answer or what was handed out before its end, at most what was admitted",
    file: "src/jobs/job-state.ts",
    find: 'this.#end({ state: "canceled", ...this.#handedOut() });',
    replace: 'this.#end({ state: "canceled" });',
  },
  "what was shown of a canceled job is free": {
    invariant: "is charged once for an answer or what was handed out before its end, at most what was admitted",
    file: "src/jobs/job-state.ts",
    find: 'if (isShown) this.#noteHandedOut("shown", found);',
    replace: "void isShown;",
  },
  "a finding that comes again replaces the first": {
    invariant: "has events that are numbered upwards and never change",
    file: "src/jobs/checkpoints.ts",
    find: "      if (known) return false;\n",
    replace: '      if (known) this.#database.run("DELETE FROM events WHERE identity = ?", identity);\n',
  },
  "a finding that comes again counts in the answer": {
    invariant: "has an answer that is the sum of its events",
    file: "src/jobs/checkpoints.ts",
    find: "      if (known) return false;\n",
    replace: "      if (known) return true;\n",
  },
  "a webhook is told of every end": {
    invariant: "tells its end once to whoever asked for it",
    file: "src/jobs/job-state.ts",
    find: "if (webhook && isTold(this.#job()))",
    replace: "if (webhook)",
  },
  "the message of a canceled job is dropped with its findings": {
    invariant: "tells its end once to whoever asked for it",
    file: "src/jobs/do-duty.ts",
    find: "if (isKept && !isStored(order)) dropUnsent",
    replace: "if (!isKept || !isStored(order)) dropUnsent",
  },
  "an endpoint is told of what was deleted before": {
    invariant: "tells its end once to whoever asked for it",
    file: "src/jobs/do-duty.ts",
    find: '    if (state !== "canceled" && !readJob(database).isKept) return;\n',
    replace: "",
  },
  "a DELETE of what has ended leaves its findings to the alarm": {
    invariant: "keeps nothing of a post that was canceled or has expired",
    file: "src/jobs/job-state.ts",
    find: "      forgetFindings(database);\n      for (const duty of",
    replace: "      for (const duty of",
  },
  "what a canceled job has stored stays": {
    invariant: "keeps nothing of a post that was canceled or has expired",
    file: "src/jobs/job-state.ts",
    find: 'if (isCanceled) due.push("delete_left");',
    replace: "",
  },
} as const satisfies Readonly<Record<string, MutationOf<JobInvariant>>>;
