import { isEnd } from "../../schemas/jobs.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import { priceOf } from "../../schemas/prices.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { type RecognizeAnswer, RecognizeRequest } from "../../schemas/recognize.ts";
import { askedEntities, mostUnits } from "../../schemas/units.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import type { JobFacts, JobOrder, JobPayer } from "../jobs/calls.ts";
import { drawResult } from "../jobs/draw-result.ts";
import { GuardError } from "../net/guard-error.ts";
import { PICTURE_FACTOR, readPicture } from "../pipeline/picture/read-picture.ts";
import { openClaim } from "../pipeline/run.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { jobIdOf } from "../webhooks/ingest/job-ids.ts";
import { answerText } from "./answer-text.ts";
import type { ChatDeployment } from "./deployment.ts";
import type { BotAnswer, BotMessage, Platform } from "./platform.ts";
import type { Sentences } from "./sentences.ts";

/** What became of a message whose jobs were to begin. */
export type Begun = "begun" | "not_a_picture" | "too_large";

/** An answer, with what it was charged, in nano-dollars. */
export interface ChargedAnswer extends BotAnswer {
  readonly charged: number;
}

const OPERATION = "recognize";
/** Problems of a picture that is none, or that nobody here can look at. */
const UNREADABLE = new Set(["picture_type_not_supported", "invalid_picture", "picture_too_many_pixels"]);

/** The ids of a message's jobs, one for each picture. They follow from the message, so that each begins once. */
export function jobIdsOf({ id, chat, pictures }: BotMessage): Promise<string[]> {
  return Promise.all(pictures.map((_, index) => jobIdOf(chat, [id], index)));
}

/** The most that the jobs of a message may cost, in nano-dollars. */
export function mostOf({ text, pictures }: BotMessage, { botAccount }: ChatDeployment): number {
  return botAccount.name === null ? 0 : pictures.length * mostOfOne(fieldsOf(text));
}

/**
 * Stores the pictures of a message and begins its jobs. Doing it again begins nothing twice.
 *
 * @throws PlatformError when a picture cannot be had from the platform
 */
export async function beginJobs(
  message: BotMessage,
  ids: readonly string[],
  platform: Platform,
  deployment: ChatDeployment,
): Promise<Begun> {
  const { jobs, jobPictures, timer, storeMs } = deployment;
  const fields = fieldsOf(message.text);
  const account = accountOf(deployment);
  const orders: JobOrder[] = [];
  try {
    // One at a time: several large pictures would take the memory of an isolate.
    for (const [index, picture] of message.pictures.entries()) {
      const id = ids[index] ?? "";
      const claim = openClaim(deployment);
      try {
        claim.grow(PICTURE_FACTOR * (picture.bytes ?? LIMITS.uploadBytes));
        const bytes = await platform.picture(picture, timer(LIMITS.deadlineMs));
        const read = await readPicture(bytes);
        await untilAborted(jobPictures.put(account, id, read), timer(storeMs));
        orders.push(orderOf(id, message.chat, fields, payerOf(bytes.length, fields, deployment), deployment));
      } finally {
        claim.end();
      }
    }
  } catch (error) {
    const outcome = unreadable(error);
    if (!outcome) throw error;
    return outcome;
  }
  await Promise.all(orders.map((order) => untilAborted(jobs.at(order.id).begin(order), timer(LIMITS.accountMs))));
  return "begun";
}

/**
 * Ends the jobs of a message, and deletes all that they keep, also where they never began. Returns what they were
 * charged, in nano-dollars.
 */
export async function dropJobs(ids: readonly string[], deployment: ChatDeployment): Promise<number> {
  if (ids.length === 0) return 0;
  const { jobs, jobPictures, timer, storeMs } = deployment;
  const ended = await Promise.all(ids.map((id) => untilAborted(jobs.at(id).cancel(), timer(LIMITS.accountMs))));
  await untilAborted(jobPictures.delete(accountOf(deployment), ids), timer(storeMs));
  return ended.reduce((sum, facts) => sum + chargeOf(facts), 0);
}

/**
 * The answer of a message's jobs; null while one of them has not ended.
 *
 * @param isLastTry whether an answer without its pictures is better than none
 */
export async function answerOf(
  jobs: readonly string[],
  isLastTry: boolean,
  { caption, text: textLength, of }: Platform["textLength"],
  sentences: Sentences,
  deployment: ChatDeployment,
): Promise<ChargedAnswer | null> {
  const answers: RecognizeAnswer[] = [];
  const pictures: Uint8Array<ArrayBuffer>[] = [];
  let [charged, failed, undrawn] = [0, 0, 0];
  for (const id of jobs) {
    const job = deployment.jobs.at(id);
    const facts = await untilAborted(job.facts(0), deployment.timer(LIMITS.accountMs));
    if (facts && !isEnd(facts.state)) return null;
    const result = await untilAborted(job.result(), deployment.timer(LIMITS.accountMs));
    charged += chargeOf(facts);
    if (!result) {
      failed++;
      continue;
    }
    const answer = JSON.parse(result.answer) as RecognizeAnswer;
    answers.push(answer);
    if (answer.entities.some(({ regions }) => regions.length > 0)) {
      const drawn = await drawnOf(id, answer, deployment).catch((error: unknown) => {
        if (!isLastTry && !(error instanceof ProblemError && error.code === "overlay_not_drawable")) throw error;
        return null;
      });
      if (drawn) pictures.push(drawn);
      else undrawn++;
    }
  }
  if (answers.length === 0) return { text: { text: sentences.failed, names: [] }, pictures: [], charged };
  const known = failed > 0 ? answers.map((answer) => ({ ...answer, partial: true })) : answers;
  const closing = undrawn > 0 ? [sentences.notDrawn] : [];
  const text = answerText(known, sentences, pictures.length > 0 ? caption : textLength, closing, of);
  return { text, pictures, charged };
}

/** The answer drawn on its picture. */
async function drawnOf(job: string, answer: RecognizeAnswer, deployment: ChatDeployment) {
  const behind: Promise<unknown>[] = [];
  const drawing = {
    ...{ job, id: job, account: accountOf(deployment) },
    signal: deployment.timer(LIMITS.deadlineMs),
    origin: originOf(deployment),
    waitUntil: (work: Promise<unknown>) => void behind.push(work),
  };
  const png = await drawResult(drawing, answer, "image/png", deployment);
  await Promise.allSettled(behind);
  return png as Uint8Array<ArrayBuffer>;
}

/** What a job was charged, in nano-dollars. */
function chargeOf(facts: JobFacts | null): number {
  return facts?.charge ? toNanoDollars(facts.charge.amount_usd) : 0;
}

function originOf({ publicUrl }: ChatDeployment): URL {
  return publicUrl ?? new URL("http://127.0.0.1/");
}

function unreadable(error: unknown): "not_a_picture" | "too_large" | null {
  if (error instanceof GuardError && error.code === "url_too_large") return "too_large";
  return error instanceof ProblemError && UNREADABLE.has(error.code) ? "not_a_picture" : null;
}

function accountOf({ botAccount }: ChatDeployment): string {
  return botAccount.name ?? PUBLIC_ACCOUNT;
}

function fieldsOf(text: string): RecognizeRequest {
  return RecognizeRequest.parse({ text, store: false });
}

function mostOfOne(fields: RecognizeRequest): number {
  return priceOf(OPERATION, mostUnits(OPERATION, { ...fields, image: "stored" }));
}

function payerOf(bodyBytes: number, fields: RecognizeRequest, { botAccount }: ChatDeployment): JobPayer {
  if (botAccount.name === null) return { kind: "nobody" };
  const { entities } = askedEntities(fields);
  return { kind: "asks", credential: { source: "bot" }, most: mostOfOne(fields), bodyBytes, entities };
}

function orderOf(
  id: string,
  chat: string,
  fields: RecognizeRequest,
  payer: JobPayer,
  deployment: ChatDeployment,
): JobOrder {
  const now = deployment.clock();
  return {
    id,
    account: accountOf(deployment),
    operation: OPERATION,
    mode: "live",
    fields,
    image: { kind: "stored" },
    payer,
    origin: originOf(deployment).href,
    acceptedAt: now,
    deadline: now + LIMITS.jobDefaultMs,
    keepSeconds: LIMITS.resultSeconds,
    reference: null,
    batch: null,
    chat,
    webhook: null,
  };
}
