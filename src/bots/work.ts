import { isEnd } from "../../schemas/jobs.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import { priceOf } from "../../schemas/prices.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { type RecognizeAnswer, RecognizeRequest } from "../../schemas/recognize.ts";
import { askedEntities, mostUnits } from "../../schemas/units.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import type { JobOrder, JobPayer } from "../jobs/calls.ts";
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
export type Begun =
  | { readonly outcome: "begun"; readonly jobs: readonly string[] /** In nano-dollars. */; readonly most: number }
  | { readonly outcome: "over_limit" | "not_a_picture" | "too_large" };

/** An answer, with what it was charged, in nano-dollars. */
export interface ChargedAnswer extends BotAnswer {
  readonly charged: number;
}

const OPERATION = "recognize";
/** Problems of a picture that is none, or that nobody here can look at. */
const UNREADABLE = new Set(["picture_type_not_supported", "invalid_picture", "picture_too_many_pixels"]);

/**
 * Stores the pictures of a message and begins a job for each. Doing it again begins nothing twice.
 *
 * @param spent what the chat has used today, in nano-dollars
 * @throws PlatformError when a picture cannot be had from the platform
 */
export async function beginJobs(
  message: BotMessage,
  platform: Platform,
  spent: number,
  deployment: ChatDeployment,
): Promise<Begun> {
  const { botAccount, jobs, jobPictures, timer, storeMs } = deployment;
  const fields = RecognizeRequest.parse({ text: message.text, store: false });
  const most = priceOf(OPERATION, mostUnits(OPERATION, { ...fields, image: "stored" }));
  const all = botAccount.name === null ? 0 : most * message.pictures.length;
  if (botAccount.dailyLimit !== null && spent + all > botAccount.dailyLimit) return { outcome: "over_limit" };
  const ids = await Promise.all(message.pictures.map((_, index) => jobIdOf(message.chat, [message.id], index)));
  const account = accountOf(deployment);
  const sizes: number[] = [];
  try {
    // One at a time: several large pictures would take the memory of an isolate.
    for (const [index, picture] of message.pictures.entries()) {
      const claim = openClaim(deployment);
      try {
        claim.grow(PICTURE_FACTOR * (picture.bytes ?? LIMITS.uploadBytes));
        const bytes = await platform.picture(picture, timer(LIMITS.deadlineMs));
        const read = await readPicture(bytes);
        await untilAborted(jobPictures.put(account, ids[index] ?? "", read), timer(storeMs));
        sizes.push(bytes.length);
      } finally {
        claim.end();
      }
    }
  } catch (error) {
    const outcome = unreadable(error);
    if (!outcome) throw error;
    await jobPictures.delete(account, ids);
    return { outcome };
  }
  const now = deployment.clock();
  const orders = ids.map((id, index) =>
    orderOf(id, message, fields, payerOf(sizes[index] ?? 0, most, fields, deployment), now, deployment),
  );
  await Promise.all(orders.map((order) => untilAborted(jobs.at(order.id).begin(order), timer(LIMITS.accountMs))));
  return { outcome: "begun", jobs: ids, most: all };
}

/** The answer of a message's jobs; null while one of them has not ended. */
export async function answerOf(
  jobs: readonly string[],
  { caption, text: textLength }: Platform["textLength"],
  sentences: Sentences,
  deployment: ChatDeployment,
): Promise<ChargedAnswer | null> {
  const answers: RecognizeAnswer[] = [];
  const pictures: Uint8Array<ArrayBuffer>[] = [];
  let [charged, failed] = [0, 0];
  for (const id of jobs) {
    const job = deployment.jobs.at(id);
    const facts = await untilAborted(job.facts(0), deployment.timer(LIMITS.accountMs));
    if (facts && !isEnd(facts.state)) return null;
    const result = await untilAborted(job.result(), deployment.timer(LIMITS.accountMs));
    charged += facts?.charge ? toNanoDollars(facts.charge.amount_usd) : 0;
    if (!result) {
      failed++;
      continue;
    }
    const answer = JSON.parse(result.answer) as RecognizeAnswer;
    answers.push(answer);
    if (answer.entities.some(({ regions }) => regions.length > 0)) {
      pictures.push(await drawnOf(id, answer, deployment));
    }
  }
  if (answers.length === 0) return { text: { text: sentences.failed, names: [] }, pictures: [], charged };
  const known = failed > 0 ? answers.map((answer) => ({ ...answer, partial: true })) : answers;
  const text = answerText(known, sentences, pictures.length > 0 ? caption : textLength);
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

function payerOf(bodyBytes: number, most: number, fields: RecognizeRequest, { botAccount }: ChatDeployment): JobPayer {
  if (botAccount.name === null) return { kind: "nobody" };
  const { entities } = askedEntities(fields);
  return { kind: "asks", credential: { source: "bot" }, most, bodyBytes, entities };
}

function orderOf(
  id: string,
  { chat }: BotMessage,
  fields: RecognizeRequest,
  payer: JobPayer,
  now: number,
  deployment: ChatDeployment,
): JobOrder {
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
