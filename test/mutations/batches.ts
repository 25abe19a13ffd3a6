import type { BatchInvariant } from "../support/batches/model/invariants.ts";
import type { MutationOf } from "./mutation.ts";

/** Mutations for each invariant of a batch, by a name. */
export const BATCHES = {
  "the last end of a line stands": {
    invariant: "ends each line once, and its end never changes",
    file: "src/jobs/batches/lines.ts",
    find: '    if (row.state === "running") {\n',
    replace: "    {\n",
  },
  "a dropped alarm is not set again": {
    invariant: "ends each line once, and its end never changes",
    file: "src/jobs/batches/batch-state.ts",
    find: "    if (this.#hasBegun && !this.#isRinging && (await this.#storage.alarm.get()) === null) await this.#arm();\n",
    replace: "",
  },
  "a line that was taken is never begun again": {
    invariant: "ends each line once, and its end never changes",
    file: "src/jobs/batches/batch-state.ts",
    find: "takeWaiting(this.#database, clock(), clock() + REPEAT_MS)",
    replace: "takeWaiting(this.#database, clock(), null as never)",
  },
  "one job more runs than may": {
    invariant: "runs at most as many jobs at a time as may",
    file: "src/jobs/batches/lines.ts",
    find: "(SELECT max_concurrent FROM batch) -",
    replace: "(SELECT max_concurrent + 1 FROM batch) -",
  },
  "a line that is begun again gets another job": {
    invariant: "begins one job for each line that runs",
    file: "src/jobs/batches/batch-state.ts",
    find: "call(job(jobId).begin(orderOf(batch, due)))",
    replace: "call(job(`$" + "{jobId}-$" + "{clock()}`).begin(orderOf(batch, due)))",
  },
  "an end that is told again counts again": {
    invariant: "counts what each answer cost once",
    file: "src/jobs/batches/lines.ts",
    find: "(isLineEnd(row.state) && (row.amount !== null || amount === null))",
    replace: "(isLineEnd(row.state) && amount === null)",
  },
  "the end is told before its cost is known": {
    invariant: "tells its end once, with what all answers cost",
    file: "src/jobs/batches/batch-state.ts",
    find: '        if (!isCharged(this.#database)) throw new Error("what an answer was charged is not known");\n',
    replace: "",
  },
  "a job that runs is not told of the cancel": {
    invariant: "cancels what runs, and starts nothing behind it",
    file: "src/jobs/batches/batch-state.ts",
    find: 'isCanceled ? job(jobId).cancel("keep") : job(jobId).facts(0)',
    replace: "job(jobId).facts(0)",
  },
  "lines that wait start behind a cancel": {
    invariant: "cancels what runs, and starts nothing behind it",
    file: "src/jobs/batches/lines.ts",
    find: "\"SELECT line FROM lines WHERE state = 'waiting'\"",
    replace: "\"SELECT line FROM lines WHERE state = 'waiting' AND line < 3\"",
  },
  "lines are kept behind their time": {
    invariant: "keeps no text that a job has, no picture without one, and nothing behind its time",
    file: "src/jobs/batches/lines.ts",
    find: '    database.run("DELETE FROM lines");\n',
    replace: "",
  },
  "the text of a post stays when its job has it": {
    invariant: "keeps no text that a job has, no picture without one, and nothing behind its time",
    file: "src/jobs/batches/lines.ts",
    find: "SET is_begun = 1, fields = NULL, due = ? WHERE line = ? AND",
    replace: "SET is_begun = 1, due = ? WHERE line = ? AND",
  },
} as const satisfies Readonly<Record<string, MutationOf<BatchInvariant>>>;
