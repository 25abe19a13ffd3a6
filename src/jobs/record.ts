import { isEnd, type JobEnd, type JobState } from "../../schemas/jobs.ts";
import type { Charge, Units } from "../../schemas/prices.ts";
import type { Problem } from "../../schemas/problem.ts";
import type { Database } from "../storage/database.ts";
import { writeLongText } from "../storage/long-texts.ts";
import type { JobFacts, JobOrder, JobPayer } from "./calls.ts";
import { noteLast } from "./handed-out.ts";

/** What a job knows of itself. */
export interface JobRecord extends Omit<JobFacts, "order" | "progress"> {
  readonly order: JobOrder;
  /** The order's, or what the account has admitted since. */
  readonly payer: JobPayer;
  /** Whether its picture lies in R2. */
  readonly hasPicture: boolean;
  /** What the job delivered, as its account is told; null where it delivered nothing. */
  readonly delivery: JobDelivery | null;
  /** How many processes have begun to run it. */
  readonly runs: number;
}

/** What a job delivered, for its account. Money is nano-dollars. */
export interface JobDelivery {
  readonly units: Units;
  readonly amount: number;
  /** What the models cost; null where that is not known. */
  readonly cost: number | null;
}

interface Row {
  readonly order_json: string;
  readonly payer: string;
  readonly has_picture: number;
  readonly state: JobState;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly expires_at: number | null;
  readonly partial: number | null;
  readonly problem: string | null;
  readonly charge: string | null;
  readonly delivery: string | null;
  readonly kept: number;
  readonly runs: number;
}

/** The long text that is the answer. */
export const ANSWER = "answer";

/** The job's record. Its tables must exist. */
export function readJob(database: Database): JobRecord {
  const [row] = database.all<Row>("SELECT * FROM job");
  if (!row) throw new Error("the job has no row");
  return {
    order: JSON.parse(row.order_json),
    payer: JSON.parse(row.payer),
    hasPicture: row.has_picture === 1,
    state: row.state,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
    partial: row.partial === null ? null : row.partial === 1,
    problem: row.problem === null ? null : JSON.parse(row.problem),
    charge: row.charge === null ? null : JSON.parse(row.charge),
    delivery: row.delivery === null ? null : JSON.parse(row.delivery),
    isKept: row.kept === 1,
    runs: row.runs,
  };
}

/** Where the job is: less to read than all of its record. */
export function readState(database: Database): JobState {
  const [row] = database.all<Pick<Row, "state">>("SELECT state FROM job");
  if (!row) throw new Error("the job has no row");
  return row.state;
}

export function writeJob(database: Database, order: JobOrder): void {
  const hasPicture = Number(order.image?.kind === "stored");
  const statement = "INSERT INTO job (only_row, order_json, payer, has_picture, state) VALUES (1, ?, ?, ?, 'queued')";
  database.run(statement, JSON.stringify(order), JSON.stringify(order.payer), hasPicture);
}

/** Notes that a process has begun to run the job. */
export function noteRun(database: Database, now: number): void {
  database.run(
    "UPDATE job SET state = 'running', runs = runs + 1, started_at = coalesce(started_at, ?) WHERE state IN ('queued', 'running')",
    now,
  );
}

/** Notes that the account has admitted the job, and how long it has results kept, in seconds. */
export function writePayer(database: Database, payer: JobPayer, keepSeconds: number): void {
  const order: JobOrder = { ...readJob(database).order, keepSeconds };
  database.run("UPDATE job SET payer = ?, order_json = ?", JSON.stringify(payer), JSON.stringify(order));
}

/** Notes that the picture lies in R2. */
export function notePicture(database: Database): void {
  database.run("UPDATE job SET has_picture = 1");
}

/** How a job ends. */
export interface JobEnding {
  readonly state: JobEnd;
  readonly problem?: Problem;
  /** Present where there is an answer. */
  readonly answered?: {
    /** As JSON, without what it costs. */
    readonly answer: string;
    readonly partial: boolean;
    readonly charge: Charge | null;
    readonly delivery: JobDelivery;
  };
  /** Present where a job is canceled of which findings were handed out. */
  readonly handedOut?: { readonly charge: Charge; readonly delivery: JobDelivery };
}

/**
 * Ends a job that has not ended. False where it has: the first end stands. To be called inside a transaction, together
 * with what follows from the end.
 */
export function endJob(database: Database, ending: JobEnding, now: number, expiresAt: number | null): boolean {
  if (isEnd(readState(database))) return false;
  const { state, problem, answered } = ending;
  const { charge = null, delivery = null } = answered ?? ending.handedOut ?? {};
  database.run(
    "UPDATE job SET state = ?, ended_at = ?, expires_at = ?, partial = ?, problem = ?, charge = ?, delivery = ?",
    state,
    now,
    expiresAt,
    answered ? Number(answered.partial) : null,
    problem ? JSON.stringify(problem) : null,
    charge && JSON.stringify(charge),
    delivery && JSON.stringify(delivery),
  );
  if (answered) writeLongText(database, ANSWER, answered.answer);
  return true;
}

/**
 * Notes that the result is kept until a time, if that is earlier than what was known. False where it is not, or nothing
 * is kept.
 */
export function expireBy(database: Database, time: number): boolean {
  const statement = "UPDATE job SET expires_at = ? WHERE expires_at > ? RETURNING only_row";
  return database.all(statement, time, time).length > 0;
}

/** Deletes what the job was asked and what it found. Its state, its charge and its names for others stay. */
export function forgetFindings(database: Database): void {
  const { order } = readJob(database);
  const { webhook, image, ...rest } = order;
  // That there was a picture is all that is known of it.
  const kept: Pick<JobOrder, "image" | "fields"> = { fields: {}, image: image && { kind: "stored" } };
  const bare = { ...rest, ...kept, webhook: webhook && { ...webhook, secret: "" } };
  noteLast(database);
  database.run("UPDATE job SET kept = 0, expires_at = NULL, order_json = ?", JSON.stringify(bare));
  for (const table of ["events", "long_texts"]) database.run(`DELETE FROM ${table}`);
  // Attempts that may still run upstream are kept until they are canceled, without what they were asked.
  database.run("UPDATE calls SET question = ''");
}
