import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";
import type { Checkpoints, EndedCall, KeptCall, OpenCall } from "../pipeline/checkpoints.ts";
import type { RunEvent } from "../pipeline/events.ts";
import type { Database } from "../storage/database.ts";
import { deleteLongText, readLongText, writeLongText } from "../storage/long-texts.ts";
import type { JobEvent } from "./calls.ts";

interface CallRow {
  readonly number: number;
  readonly stage: StageName;
  readonly entry: string;
  readonly question: string;
  readonly ids: string;
  readonly kept: string | null;
  readonly ended: string | null;
}

/** What an ended call is stored with beside its row. */
type Ending = Omit<EndedCall, "stage" | "entry" | "question" | "ids" | "output">;

/** Length of an event that is kept in its row, in UTF-16 code units. A longer one is a long text. */
const LONGEST_EVENT = 500_000;
/** Events that are read from their table at once. */
const ROWS_AT_ONCE = 8;
/** In the row of an event that is a long text. */
const LONG = "";

/** The checkpoints of a job's run in the job's database. One object serves one process. */
export class JobCheckpoints implements Checkpoints {
  readonly events: readonly RunEvent[];
  readonly ended: readonly EndedCall[];
  readonly left: Set<string>;
  readonly #database: Database;
  readonly #id: string;
  /** Attempts of earlier processes that nobody has gone on with. */
  readonly #open: Map<number, CallRow>;
  readonly #added: () => void;

  /**
   * @param id of the job
   * @param added called after each finding that is new
   */
  constructor(database: Database, id: string, added: () => void) {
    this.#database = database;
    this.#id = id;
    this.#added = added;
    const rows = database.all<CallRow>("SELECT * FROM calls ORDER BY number");
    this.ended = rows.filter(({ ended }) => ended !== null).map((row) => this.#endedOf(row));
    this.#open = new Map(rows.filter(({ ended }) => ended === null).map((row) => [row.number, row]));
    const found = readEvents(database, 0, Number.POSITIVE_INFINITY).events;
    this.events = [...stageEvents(database), ...found.map(({ event }) => event)];
    this.left = new LeftNames(database);
  }

  addEvent(event: RunEvent): boolean {
    const identity = identityOf(event);
    const json = JSON.stringify(event);
    if (event.event === "stage") {
      this.#database.run("INSERT OR REPLACE INTO stages (identity, event) VALUES (?, ?)", identity, json);
    } else {
      const known = this.#database.all("SELECT 1 FROM events WHERE identity = ?", identity).length > 0;
      if (known) return false;
      this.#addEvent(identity, json);
    }
    this.#added();
    return true;
  }

  /** The outline of a mask may be longer than a row. */
  #addEvent(identity: string, json: string): void {
    const isLong = json.length > LONGEST_EVENT;
    const statement = "INSERT INTO events (identity, event) VALUES (?, ?) RETURNING number";
    const [row] = this.#database.all<{ number: number }>(statement, identity, isLong ? LONG : json);
    if (isLong) writeLongText(this.#database, eventName(row?.number ?? 0), json);
  }

  begin({ stage, entry, question, ids }: Omit<OpenCall, "key" | "kept">): OpenCall {
    const sorted = JSON.stringify([...ids].sort());
    for (const [number, row] of this.#open) {
      if (row.stage !== stage || row.entry !== entry || row.question !== question || row.ids !== sorted) continue;
      this.#open.delete(number);
      return { stage, entry, question, ids, key: this.#keyOf(number), kept: row.kept && JSON.parse(row.kept) };
    }
    const [row] = this.#database.all<{ number: number }>(
      "INSERT INTO calls (stage, entry, question, ids) VALUES (?, ?, ?, ?) RETURNING number",
      stage,
      entry,
      question,
      sorted,
    );
    return { stage, entry, question, ids, key: this.#keyOf(row?.number ?? 0), kept: null };
  }

  keep(key: string, kept: KeptCall): void {
    this.#database.run("UPDATE calls SET kept = ? WHERE number = ?", JSON.stringify(kept), numberIn(key));
  }

  end(key: string, call: EndedCall | null): void {
    const number = numberIn(key);
    if (!call) return void this.#database.run("DELETE FROM calls WHERE number = ?", number);
    const { stage: _, entry: _entry, question: _question, ids: _ids, output, ...ending } = call;
    if (output) writeLongText(this.#database, outputName(number), JSON.stringify(output));
    // An attempt that failed may still run upstream: it is being canceled.
    const kept = output ? ", kept = NULL" : "";
    this.#database.run(`UPDATE calls SET ended = ?${kept} WHERE number = ?`, JSON.stringify(ending), number);
  }

  #endedOf({ number, stage, entry, question, ids, ended }: CallRow): EndedCall {
    const output = readLongText(this.#database, outputName(number));
    const ending = JSON.parse(ended ?? "{}") as Ending;
    return { ...ending, stage, entry, question, ids: JSON.parse(ids), output: output && JSON.parse(output) };
  }

  #keyOf(number: number): string {
    return `${this.#id}/${number}`;
  }
}

/** An attempt that may still run upstream although nobody waits for it. */
export interface Loose {
  readonly number: number;
  readonly stage: StageName;
  readonly entry: string;
  readonly kept: KeptCall;
}

/** The attempts that may still run upstream. */
export function looseCalls(database: Database): Loose[] {
  const rows = database.all<CallRow>("SELECT * FROM calls WHERE kept IS NOT NULL ORDER BY number");
  return rows.map(({ number, stage, entry, kept }) => ({ number, stage, entry, kept: JSON.parse(kept ?? "null") }));
}

/** Notes that nothing of an attempt runs upstream. */
export function tieUp(database: Database, number: number): void {
  database.run("UPDATE calls SET kept = NULL WHERE number = ?", number);
}

/** Deletes every checkpoint of attempts whose end is known, once the job has ended. */
export function deleteCheckpoints(database: Database): void {
  for (const { number } of database.all<{ number: number }>("SELECT number FROM calls WHERE kept IS NULL")) {
    deleteLongText(database, outputName(number));
    database.run("DELETE FROM calls WHERE number = ?", number);
  }
}

interface EventRow {
  readonly number: number;
  readonly event: string;
}

/**
 * The findings after a number, in order: the first, and further ones as long as all together are not longer than
 * `length` as JSON.
 *
 * @param length in UTF-16 code units
 */
export function readEvents(
  database: Database,
  after: number,
  length: number,
): { readonly events: JobEvent[]; readonly isWhole: boolean } {
  const events: JobEvent[] = [];
  let total = 0;
  // A few rows at a time: not more is read than is wanted.
  const statement = "SELECT number, event FROM events WHERE number > ? ORDER BY number LIMIT ?";
  for (let last = after; ; ) {
    const rows = database.all<EventRow>(statement, last, ROWS_AT_ONCE);
    for (const { number, event } of rows) {
      const json = event === LONG ? (readLongText(database, eventName(number)) ?? "null") : event;
      total += json.length;
      if (events.length > 0 && total > length) return { events, isWhole: false };
      events.push({ number, event: JSON.parse(json) });
      last = number;
    }
    if (rows.length < ROWS_AT_ONCE) return { events, isWhole: true };
  }
}

/**
 * All findings in order, without what masks are made of: a mask is an empty object, or null where there is none. Masks
 * are nearly all of the length of findings, and neither progress nor units need them.
 */
export function readOutlines(database: Database): JobEvent[] {
  // In JSON, these characters are nothing but that key, and an event without a mask is short. Looking for them there is
  // much quicker than parsing all.
  const mask = `CASE WHEN substr(event, 1, 1000) NOT LIKE '%"mask":null%' THEN json_object() END`;
  const outline = `json_object('event', 'mask', 'region_id', substr(identity, ${"mask ".length + 1}), 'mask',
    json_object('mask', ${mask}))`;
  const rows = database.all<EventRow>(
    `SELECT number, CASE WHEN identity LIKE 'mask %' THEN ${outline} ELSE event END AS event
    FROM events ORDER BY number`,
  );
  return rows.map(({ number, event }) => {
    const json = event === LONG ? readLongText(database, eventName(number)) : event;
    return { number, event: JSON.parse(json ?? "null") };
  });
}

/** The records of the models that were called, in the order of the pipeline. */
export function stageEvents(database: Database): RunEvent[] {
  const rows = database.all<{ event: string }>("SELECT event FROM stages ORDER BY identity");
  const events = rows.map(({ event }) => JSON.parse(event) as Extract<RunEvent, { event: "stage" }>);
  return events.sort((a, b) => STAGE_NAMES.indexOf(a.record.stage) - STAGE_NAMES.indexOf(b.record.stage));
}

/** What a finding is about. */
function identityOf(event: RunEvent): string {
  switch (event.event) {
    case "mention":
      return `mention ${event.mention.start} ${event.mention.end} ${event.entity.id}`;
    case "expression":
    case "visibility":
      return `${event.event} ${event.entity_id}`;
    case "region":
      return `region ${event.region.id}`;
    case "mask":
      return `mask ${event.region_id}`;
    case "problem":
      return `problem ${JSON.stringify(event.problem)}`;
    case "stage":
      return `${event.record.stage} ${event.entry}`;
  }
}

function eventName(number: number): string {
  return `event ${number}`;
}

function outputName(number: number): string {
  return `call ${number}`;
}

function numberIn(key: string): number {
  return Number(key.slice(key.lastIndexOf("/") + 1));
}

/** Names that are stored as they are added. */
class LeftNames extends Set<string> {
  readonly #database: Database;

  constructor(database: Database) {
    super();
    for (const { name } of database.all<{ name: string }>("SELECT name FROM left_names")) super.add(name);
    this.#database = database;
  }

  override add(name: string): this {
    this.#database.run("INSERT OR IGNORE INTO left_names (name) VALUES (?)", name);
    return super.add(name);
  }
}
