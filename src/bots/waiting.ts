import type { Database } from "../storage/database.ts";
import type { BotMessage } from "./platform.ts";

/** How far a message has come: `received`, `placed` once something was said, `running` once its jobs are begun. */
export type MessageState = "received" | "placed" | "running";

/** A message that is not answered yet. */
export interface Waiting {
  readonly message: BotMessage;
  readonly state: MessageState;
  /** Whether the first thing that is said was sent, or may have been. */
  readonly isSaid: boolean;
  /** What names it; null where that is not known. */
  readonly said: string | null;
  /** When it was to be worked on. */
  readonly due: number;
  readonly jobs: readonly string[];
  /** Whether the answer was sent, with its first picture. */
  readonly isAnswered: boolean;
  readonly receivedAt: number;
  readonly tries: number;
}

interface Row {
  readonly message: string;
  readonly state: MessageState;
  readonly saying: number;
  readonly said: string | null;
  readonly jobs: string;
  readonly is_answered: number;
  readonly received_at: number;
  readonly due: number;
  readonly tries: number;
}

/** How long the id of an answered message is known, in milliseconds: as long as a platform delivers again. */
const SEEN_MS = 24 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Takes a message in, with when it is to be worked on. Nothing changes where it, or its album, is known already. */
export function take(database: Database, message: BotMessage, now: number, due: number): void {
  const { id, album } = message;
  const known = "SELECT 1 FROM seen WHERE id IN (?, ?) UNION SELECT 1 FROM messages WHERE id = ?";
  if (database.all(known, id, nameOf(album), id).length > 0) return;
  database.run(
    "INSERT INTO messages (id, message, album, received_at, due) VALUES (?, ?, ?, ?, ?)",
    id,
    JSON.stringify(message),
    album,
    now,
    due,
  );
  // An album is worked on when none of it has come for a while.
  if (album !== null) database.run("UPDATE messages SET due = ? WHERE album = ? AND state = 'received'", due, album);
}

/** What an album is called among the ids of messages that were seen. */
function nameOf(album: string | null): string {
  return `album ${album}`;
}

/** The place of a message in the line of those that wait: 1 for the one that came first. */
export function placeInLine(database: Database, id: string): number {
  const upToIt = "SELECT count(*) AS place FROM messages WHERE rowid <= (SELECT rowid FROM messages WHERE id = ?)";
  return database.all<{ place: number }>(upToIt, id)[0]?.place ?? 0;
}

/**
 * Makes one message of each album that is due: the text of the first that has one, and all pictures in their order in
 * the chat, in whatever order they came. An album of which no message asks the bot is forgotten.
 */
export function gatherAlbums(database: Database, now: number): void {
  const albums = database.all<{ album: string }>(
    "SELECT DISTINCT album FROM messages WHERE album IS NOT NULL AND state = 'received' AND due <= ?",
    now,
  );
  for (const { album } of albums) {
    // What comes later of it is not looked at.
    if (!see(database, nameOf(album), now)) continue;
    const rows = database.all<{ message: string }>(
      "SELECT message FROM messages WHERE album = ? AND state = 'received' ORDER BY length(id), id",
      album,
    );
    const all = rows.map(({ message }) => JSON.parse(message) as BotMessage);
    const first = all.find(({ isAsked }) => isAsked);
    for (const { id } of all) if (id !== first?.id) finish(database, id, now);
    if (!first) continue;
    const gathered: BotMessage = {
      ...first,
      text: all.find(({ text }) => text !== "")?.text ?? "",
      pictures: all.flatMap(({ pictures }) => pictures),
      hasOther: all.some(({ hasOther }) => hasOther),
    };
    database.run("UPDATE messages SET message = ? WHERE id = ?", JSON.stringify(gathered), first.id);
  }
}

/** The messages that are to be worked on by now, the first ones first. */
export function dueMessages(database: Database, now: number): Waiting[] {
  return database.all<Row>("SELECT * FROM messages WHERE due <= ? ORDER BY rowid", now).map(waitingOf);
}

export function allMessages(database: Database): Waiting[] {
  return database.all<Row>("SELECT * FROM messages ORDER BY rowid").map(waitingOf);
}

/** The message that a job is for; null where it is no more. */
export function messageOfJob(database: Database, job: string): Waiting | null {
  return allMessages(database).find(({ jobs }) => jobs.includes(job)) ?? null;
}

/** When the next message is due; null without one. */
export function nextDue(database: Database): number | null {
  return database.all<{ due: number | null }>("SELECT min(due) AS due FROM messages")[0]?.due ?? null;
}

/** Notes a message with the post that it points to. */
export function noteMessage(database: Database, message: BotMessage): void {
  database.run("UPDATE messages SET message = ? WHERE id = ?", JSON.stringify(message), message.id);
}

/** Notes that something is about to be said: should the process die, it is not said twice. */
export function noteSaying(database: Database, id: string, isSaying: boolean): void {
  database.run("UPDATE messages SET saying = ? WHERE id = ?", Number(isSaying), id);
}

/** Notes what names that which was said. */
export function noteSaid(database: Database, id: string, said: string): void {
  database.run("UPDATE messages SET said = ? WHERE id = ?", said, id);
}

/** Notes a message's new state, in which it is to be worked on now. */
export function noteState(database: Database, id: string, state: MessageState, now: number): void {
  database.run("UPDATE messages SET state = ?, due = ?, tries = 0 WHERE id = ?", state, now, id);
}

/** Notes the jobs of a message before they begin, and the most that they may cost. */
export function noteJobs(database: Database, id: string, jobs: readonly string[], most: number): void {
  database.run("UPDATE messages SET jobs = ?, most = ? WHERE id = ?", JSON.stringify(jobs), most, id);
}

/** Notes that a message's jobs are begun, with when to ask for them should they be silent. */
export function noteRunning(database: Database, { message, due }: Waiting, silent: number): void {
  database.run("UPDATE messages SET state = 'running', tries = 0 WHERE id = ?", message.id);
  putOff(database, message.id, due, silent);
}

/** Notes that a message is answered, and what its answer was charged, in nano-dollars. */
export function noteAnswered(database: Database, id: string, charged: number, now: number): void {
  database.transaction(() => {
    database.run("UPDATE messages SET is_answered = 1, most = 0 WHERE id = ?", id);
    spend(database, charged, now);
  });
}

/** Counts what was charged, in nano-dollars, as used today. */
function spend(database: Database, charged: number, now: number): void {
  database.run(
    "INSERT INTO spent (day, amount) VALUES (?, ?) ON CONFLICT (day) DO UPDATE SET amount = amount + excluded.amount",
    Math.floor(now / DAY_MS),
    charged,
  );
}

/** Has a message worked on later, unless something has happened to it since it was due. */
export function putOff(database: Database, id: string, due: number, later: number): void {
  database.run("UPDATE messages SET due = ? WHERE id = ? AND due = ?", later, id, due);
}

/** Has a message worked on now, because something has happened to it. */
export function hurry(database: Database, { message, due }: Waiting, now: number): void {
  database.run("UPDATE messages SET due = ? WHERE id = ?", due === now ? now - 1 : now, message.id);
}

/** Has a message worked on again, of which something failed. */
export function retry(database: Database, id: string, due: number): void {
  database.run("UPDATE messages SET due = ?, tries = tries + 1 WHERE id = ?", due, id);
}

/**
 * Forgets a message that is answered or given up, but for its id.
 *
 * @param charged what its jobs were charged, in nano-dollars: it counts also where no answer came of it
 */
export function finish(database: Database, id: string, now: number, charged = 0): void {
  database.transaction(() => {
    const unanswered = "SELECT 1 FROM messages WHERE id = ? AND is_answered = 0";
    if (charged > 0 && database.all(unanswered, id).length > 0) spend(database, charged, now);
    database.run("DELETE FROM messages WHERE id = ?", id);
    see(database, id, now);
  });
}

/** Keeps an id for as long as a platform delivers again. False where it is kept already. */
function see(database: Database, id: string, now: number): boolean {
  const isNew = database.all("SELECT 1 FROM seen WHERE id = ?", id).length === 0;
  database.run("INSERT OR IGNORE INTO seen (id, until) VALUES (?, ?)", id, now + SEEN_MS);
  return isNew;
}

/** Deletes what is kept for a time only. Returns whether anything is left. */
export function forgetOld(database: Database, now: number): boolean {
  database.run("DELETE FROM seen WHERE until <= ?", now);
  database.run("DELETE FROM spent WHERE day < ?", Math.floor(now / DAY_MS));
  const left = "SELECT 1 FROM messages UNION SELECT 1 FROM seen UNION SELECT 1 FROM spent";
  return database.all(left).length > 0;
}

/** What was spent today, and what the messages that run may still cost. */
export function spentToday(database: Database, now: number): number {
  const [spent] = database.all<{ amount: number }>("SELECT amount FROM spent WHERE day = ?", Math.floor(now / DAY_MS));
  const [open] = database.all<{ most: number | null }>("SELECT sum(most) AS most FROM messages");
  return (spent?.amount ?? 0) + (open?.most ?? 0);
}

function waitingOf({ message, state, saying, said, jobs, is_answered, received_at, due, tries }: Row): Waiting {
  return {
    message: JSON.parse(message),
    state,
    isSaid: saying === 1,
    said,
    jobs: JSON.parse(jobs),
    isAnswered: is_answered === 1,
    receivedAt: received_at,
    due,
    tries,
  };
}
