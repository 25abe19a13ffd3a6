import { appendFileSync, existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import type { BatchResult } from "../../schemas/batches.ts";
import { toNanoDollars } from "../../schemas/money.ts";

/** A batch that was sent, or is about to be. */
const SentBatch = z.object({
  /** Its `Idempotency-Key`: sending it again gets the same batch. */
  key: z.string(),
  /** Null until the service has answered. */
  id: z.nullable(z.string()),
  /** The numbers of its lines in the input. */
  lines: z.array(z.int()),
  /** The number of the last result that was written. */
  after: z.int(),
  ended: z.boolean(),
});
export type SentBatch = z.infer<typeof SentBatch>;
const State = z.object({ input: z.string(), batches: z.array(SentBatch) });

/** A result as it is written: of the line in the input. */
export interface Written extends Omit<BatchResult, "number"> {
  readonly batch_id: string | null;
}

/** What is wrong with the files that were named. */
export class WrongFiles extends Error {}

/**
 * What was done so far: results in one file, each a line, and beside it the batches that were sent. Both say the same
 * after a process was killed at any point: results count by their line, and a batch that was sent is known by its key.
 */
export class Record {
  readonly batches: SentBatch[];
  /** Lines that have a result. */
  readonly done = new Set<number>();
  failed = 0;
  /** What all answers were charged, in nano-dollars. */
  cost = 0;
  readonly #out: string;
  readonly #input: string;

  /**
   * @param out the file of results
   * @param input digest of what is sent, so that results of another input are not mixed with these
   */
  constructor(out: string, input: string) {
    this.#out = out;
    this.#input = input;
    const isKnown = existsSync(this.#statePath);
    if (existsSync(out) && !isKnown) throw new WrongFiles(`${out} exists, and ${this.#statePath} does not`);
    const state = isKnown ? State.parse(JSON.parse(readFileSync(this.#statePath, "utf8"))) : { input, batches: [] };
    if (state.input !== input) throw new WrongFiles(`${out} has the results of another input`);
    this.batches = state.batches;
    if (existsSync(out)) this.#readResults();
  }

  /** Writes a result, unless its line has one. */
  write(result: Written): void {
    if (this.done.has(result.line)) return;
    appendFileSync(this.#out, `${JSON.stringify(result)}\n`);
    this.#count(result);
  }

  /** Writes what is known of the batches. */
  save(): void {
    const text = JSON.stringify({ input: this.#input, batches: this.batches } satisfies z.infer<typeof State>);
    writeFileSync(`${this.#statePath}.new`, text);
    renameSync(`${this.#statePath}.new`, this.#statePath);
  }

  get #statePath(): string {
    return `${this.#out}.state`;
  }

  #readResults(): void {
    const text = readFileSync(this.#out, "utf8");
    // A process that was killed may have written half of a line.
    const end = text.lastIndexOf("\n") + 1;
    if (end < text.length) truncateSync(this.#out, Buffer.byteLength(text.slice(0, end)));
    for (const line of text.slice(0, end).split("\n")) if (line !== "") this.#count(JSON.parse(line) as Written);
  }

  #count({ line, state, answer }: Written): void {
    this.done.add(line);
    if (state !== "succeeded") this.failed++;
    if (answer?.charge) this.cost += toNanoDollars(answer.charge.amount_usd);
  }
}
