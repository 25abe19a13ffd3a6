import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import type { BatchResult } from "../../schemas/batches.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import { parse } from "./parse.ts";

/** A batch that was sent, or is about to be. */
const SentBatch = z.object({
  /** Its `Idempotency-Key`: sending it again to the same place, as the same caller, gets the same batch. */
  key: z.string(),
  /** The deployment; null for a stack that this command has started, and that has ended with it. */
  endpoint: z.nullable(z.string()),
  /** Digest of the API key; null without one. */
  caller: z.nullable(z.string()),
  /** As it was sent; null for the service's own default. */
  max_concurrent: z.nullable(z.string()),
  /** Null until the service has answered. */
  id: z.nullable(z.string()),
  /** How many requests to begin it had no answer, or none yet: while there is none, nothing was sent. */
  unanswered: z._default(z.int(), 1),
  /** The numbers of its lines in the input. */
  lines: z.array(z.int()),
  /** The number of the last result that was written. */
  after: z.int(),
  ended: z.boolean(),
});
export type SentBatch = z.infer<typeof SentBatch>;

/** Goes up when older files mean something else. In version 1, empty lines of the input did not count. */
const VERSION = 2;
const State = z.object({
  version: z.literal(VERSION),
  input: z.string(),
  batches: z.array(SentBatch),
  /** What the posts of forgotten results were charged, in nano-dollars, by `placeOf`. */
  forgotten: z._default(z.record(z.string(), z.int()), {}),
});
type State = z.infer<typeof State>;

/** A result as it is written: of the line in the input. */
export interface Written extends Omit<BatchResult, "number"> {
  readonly batch_id: string | null;
}

/** What is sent, where, and by whom. */
export interface Sender {
  /** Digest of the input, so that results of another input are not mixed with these. */
  readonly input: string;
  /** As `endpoint` of a batch. */
  readonly endpoint: string | null;
  /** As `caller` of a batch. */
  readonly caller: string | null;
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
  /** What all posts were charged, in nano-dollars. */
  cost = 0;
  /** Whether a batch may have been begun before this process. */
  readonly hasSent: boolean;
  /** The file of results. */
  readonly out: string;
  readonly #sender: Sender;
  /** As in the state. */
  readonly #forgotten: { [place: string]: number };

  constructor(out: string, sender: Sender) {
    this.out = out;
    this.#sender = sender;
    const isKnown = existsSync(this.#statePath);
    if (existsSync(out) && !isKnown) throw new WrongFiles(`${out} exists, and ${this.#statePath} does not`);
    const state = isKnown ? readState(this.#statePath) : { input: sender.input, batches: [], forgotten: {} };
    this.#forgotten = state.forgotten;
    this.cost = Object.values(state.forgotten).reduce((sum, cost) => sum + cost, 0);
    const sent = state.batches.filter(isSent);
    this.hasSent = sent.length > 0;
    if (state.input !== sender.input && (this.hasSent || hasResults(out))) {
      throw new WrongFiles(`${out} has the results of another input. Go on with the posts that it had. ${ANEW}`);
    }
    // What a stack has not ended has ended with it, and is sent again.
    this.batches = sent.filter(({ ended, endpoint }) => ended || endpoint !== null);
    for (const batch of this.batches) if (!batch.ended) this.#checkSender(batch);
    if (existsSync(out)) this.#readResults();
  }

  /** As that of a batch. */
  get endpoint(): string | null {
    return this.#sender.endpoint;
  }

  /** Adds a batch that is to be sent. */
  add(batch: Pick<SentBatch, "key" | "lines" | "max_concurrent">): SentBatch {
    const { endpoint, caller } = this.#sender;
    const sent: SentBatch = { ...batch, endpoint, caller, id: null, unanswered: 0, after: 0, ended: false };
    this.batches.push(sent);
    return sent;
  }

  /** Writes a result, unless its line has one. */
  write(result: Written): void {
    if (this.done.has(result.line)) return;
    appendFileSync(this.out, `${JSON.stringify(result)}\n`);
    this.#count(result);
  }

  /** Forgets the results without an answer: their posts are sent again. What they were charged still counts. */
  forgetFailed(): void {
    if (this.failed === 0) return;
    const results = readFileSync(this.out, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Written);
    const kept = results.filter(({ state }) => state === "succeeded");
    for (const result of results) {
      if (result.state === "succeeded") continue;
      this.done.delete(result.line);
      this.#forgotten[placeOf(result)] = toNanoDollars(result.cost_usd);
    }
    this.failed = 0;
    // The state comes first, so that the cost of a result is counted, and once, where this process is killed.
    this.save();
    writeFileSync(`${this.out}.new`, kept.map((result) => `${JSON.stringify(result)}\n`).join(""));
    renameSync(`${this.out}.new`, this.out);
  }

  /** Writes what is known of the batches. */
  save(): void {
    const { input } = this.#sender;
    const state: State = { version: VERSION, input, batches: this.batches, forgotten: this.#forgotten };
    writeFileSync(`${this.#statePath}.new`, JSON.stringify(state));
    renameSync(`${this.#statePath}.new`, this.#statePath);
  }

  get #statePath(): string {
    return `${this.out}.state`;
  }

  /** Refuses to go on with a batch elsewhere: it is not known there, or would begin there a second time. */
  #checkSender({ endpoint, caller, id }: SentBatch): void {
    const goOn = `${this.#statePath} says that posts were sent to ${endpoint}`;
    if (endpoint !== this.#sender.endpoint) {
      const here = this.#sender.endpoint ?? "a stack of this machine";
      throw new WrongFiles(`${goOn}, and not to ${here}. Go on with --endpoint ${endpoint}. ${ANEW}`);
    }
    if (id === null && caller !== this.#sender.caller) {
      const why = "their answer was lost, and only the same key gets it again";
      throw new WrongFiles(`${goOn} with another key: ${why}. Go on with that key. ${ANEW}`);
    }
  }

  #readResults(): void {
    const text = readFileSync(this.out, "utf8");
    // A process that was killed may have written half of a line.
    const end = text.lastIndexOf("\n") + 1;
    if (end < text.length) truncateSync(this.out, Buffer.byteLength(text.slice(0, end)));
    for (const [index, line] of text.slice(0, end).split("\n").entries()) {
      if (line !== "") this.#count(this.#readResult(line, index + 1));
    }
  }

  #readResult(text: string, place: number): Written {
    try {
      return JSON.parse(text) as Written;
    } catch {
      throw new WrongFiles(`Line ${place} of ${this.out} is no result: the file is damaged. ${RESTORE} ${ANEW}`);
    }
  }

  #count(result: Written): void {
    this.done.add(result.line);
    if (result.state !== "succeeded") this.failed++;
    if (!Object.hasOwn(this.#forgotten, placeOf(result))) this.cost += toNanoDollars(result.cost_usd);
  }
}

const RESTORE = "Restore it from a copy.";
const ANEW = "Or name another --out: all posts are then sent anew, and paid again.";

/** What names a result: a post that is sent again is of another batch. */
function placeOf({ batch_id, line }: Written): string {
  return `${batch_id ?? "unsent"} ${line}`;
}

/** Whether the service may have begun a batch: not where it could not be reached, or has refused. */
export function isSent({ id, unanswered }: SentBatch): boolean {
  return id !== null || unanswered > 0;
}

/** The digest of an input or of a key, as the state has it. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/**
 * The digest of the input whose posts were sent for these results; null where nothing was sent, so that any input may
 * be. Throws `WrongFiles` when the state cannot be read.
 */
export function inputOf(out: string): string | null {
  const path = `${out}.state`;
  if (!existsSync(path)) return null;
  const { input, batches } = readState(path);
  return batches.some(isSent) || hasResults(out) ? input : null;
}

function hasResults(out: string): boolean {
  return existsSync(out) && statSync(out).size > 0;
}

/** The batches that an earlier process has sent. */
function readState(path: string): State {
  const value = parse(readFileSync(path, "utf8"));
  const { data } = State.safeParse(value);
  if (data) return data;
  const { version = 1, input } = (value ?? {}) as { version?: unknown; input?: unknown };
  if (typeof input === "string" && version !== VERSION) {
    const why = "another version of this command has written it, which numbers lines in another way";
    throw new WrongFiles(`${path} cannot be used: ${why}. Finish with that version. ${ANEW}`);
  }
  throw new WrongFiles(`${path} is damaged: it does not say what was sent. ${RESTORE} ${ANEW}`);
}
