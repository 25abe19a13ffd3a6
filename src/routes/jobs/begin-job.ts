import type { Context } from "hono";
import { isEnd } from "../../../schemas/jobs.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import type { PaidOperation } from "../../../schemas/prices.ts";
import { type RequestWebhook, WebhookEvent } from "../../../schemas/webhooks.ts";
import { type BegunJob, isBegunJob, noJobThere } from "../../accounts/paid-request.ts";
import type { JobFacts, JobImage, JobOrder } from "../../jobs/calls.ts";
import type { RequestVariables } from "../../middleware/request-id.ts";
import { deploymentUrl } from "../../net/deployment-url.ts";
import { addressErrors } from "../../request/address-errors.ts";
import { refuse } from "../../request/field-problem.ts";
import { OPERATIONS } from "../../request/operations.ts";
import { appliedPreference, type Preference } from "../../request/preference.ts";
import { addressIn } from "../../request/read-image.ts";
import { type CheckedFields, readRequestPicture } from "../../request/read-request.ts";
import { requirePicture } from "../../request/require-picture.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import { newWebhookSecret } from "../../webhooks/standard-webhooks.ts";
import type { Charging, Opening } from "../charging.ts";
import type { PaidDeployment } from "../paid-deployment.ts";
import { askJob } from "./ask-job.ts";
import { jobAnswer, queuedFacts, RETRY_AFTER_S } from "./job-answer.ts";
import { sendResult } from "./job-result.ts";

/** A request that a job is to answer. */
export interface AsyncRequest {
  readonly operation: PaidOperation;
  /** Media type of its answer. */
  readonly type: string;
  readonly read: CheckedFields<unknown>;
  readonly opening: Opening;
  readonly preference: Preference;
  /** When it arrived, in Unix milliseconds. */
  readonly started: number;
}

/**
 * Begins a job that answers a request, once its fields are checked and its account has admitted it. Answers 202, or
 * where the job ends within the time of `Prefer: wait`, with its result. A webhook's secret that was made here is shown
 * by the 202 alone, so such a request is never answered with the result.
 *
 * @throws ProblemError when the request is invalid, or may not run
 */
export async function beginJob(
  context: Context<RequestVariables>,
  deployment: PaidDeployment,
  { operation, type, read, opening, preference, started }: AsyncRequest,
): Promise<Response> {
  const fields = read.fields as Record<string, unknown>;
  const { webhook: asked, image, ...kept } = fields as { webhook?: RequestWebhook; image?: string };
  OPERATIONS[operation].check(fields);
  // What cannot be drawn is refused before it costs anything.
  if (type.startsWith("image/") && image === undefined && !read.image) requirePicture(null, "for an overlay");
  const showsSecret = asked !== undefined && asked.secret === undefined;
  // A stream of events has an address of its own, in the 202 response.
  const waitMs = type === "text/event-stream" || showsSecret ? null : preference.waitMs;
  const answering = { preference, waitMs, showsSecret };
  const webhook = asked ? readWebhook(asked, deployment) : null;
  const deadline = started + ((fields.deadline_ms as number | undefined) ?? LIMITS.jobDefaultMs);
  const charging = await opening.admit({ operation, type, deadline, read, isJob: true });
  if (charging instanceof Response) return charging;
  if (isBegunJob(charging)) return answerRepeat(context, deployment, charging, answering);
  for (const [name, value] of Object.entries(charging.headers)) context.header(name, value);
  const id = context.get("requestId");
  const keeping = keepImage(id, charging, image, read, deployment);
  let order: JobOrder;
  try {
    order = {
      id,
      account: charging.account,
      operation,
      mode: charging.mode,
      fields: kept,
      image: await untilAborted(keeping, deployment.timer(deployment.storeMs)),
      payer: charging.payer,
      origin: deploymentUrl(deployment.publicUrl, context.req.url).href,
      acceptedAt: started,
      deadline,
      keepSeconds: charging.keepSeconds,
      reference: null,
      batch: null,
      chat: null,
      webhook,
    };
    await askJob(deployment.jobs.at(id).begin(order), deployment);
  } catch (error) {
    context.executionCtx.waitUntil(giveUp(id, charging.account, keeping, deployment));
    await charging.release();
    throw error;
  }
  return answerWithJob(context, deployment, id, answering, queuedFacts(order));
}

/** Ends a job that may have begun although nobody was told, and deletes the picture that was stored for it. */
async function giveUp(
  id: string,
  account: string,
  keeping: Promise<JobImage | null>,
  { jobs, jobPictures }: PaidDeployment,
): Promise<void> {
  const [image] = await Promise.allSettled([keeping, jobs.at(id).cancel()]);
  const hasNone = image.status === "fulfilled" && image.value?.kind !== "stored";
  if (!hasNone) await jobPictures.delete(account, [id]).catch(() => undefined);
}

/** How a request is answered with its job. */
interface Answering {
  readonly preference: Preference;
  /** For how long to wait for the result; null where the answer is always 202. */
  readonly waitMs: number | null;
  /** Whether a 202 shows the secret of the webhook, because it was made here. */
  readonly showsSecret: boolean;
}

/** Answers a request of which a job was begun before. */
async function answerRepeat(
  context: Context<RequestVariables>,
  deployment: PaidDeployment,
  begun: BegunJob,
  answering: Answering,
): Promise<Response> {
  const facts = await askJob(deployment.jobs.at(begun.job).facts(0), deployment);
  if (!facts?.isKept) throw noJobThere(begun, facts?.charge ?? null);
  context.header("Idempotent-Replayed", "true");
  return answerWithJob(context, deployment, begun.job, answering, facts);
}

/**
 * Answers with a job: with its result where it ends in time, else 202.
 *
 * @param known what is known of the job, should it not answer in time
 */
async function answerWithJob(
  context: Context<RequestVariables>,
  deployment: PaidDeployment,
  id: string,
  { preference, waitMs, showsSecret }: Answering,
  known: JobFacts,
): Promise<Response> {
  const job = deployment.jobs.at(id);
  const wait = waitMs ?? 0;
  const facts = (await askJob(job.facts(wait, true), deployment, wait).catch(() => null)) ?? known;
  // What was deleted since has no secret any more.
  const answer = jobAnswer(facts, (showsSecret && facts.order.webhook?.secret) || null);
  const isLater = wait === 0 || !isEnd(facts.state);
  const applied = appliedPreference(preference, { isLater, waitMs });
  context.header("Location", answer.links.self);
  if (applied !== null) context.header("Preference-Applied", applied);
  if (!isLater) return sendResult(context, deployment, { id, job, facts });
  context.header("Retry-After", String(RETRY_AFTER_S));
  return context.json(answer, 202, { "Cache-Control": "no-store" });
}

function readWebhook({ url, events, secret }: RequestWebhook, { allowedOrigins, randomBytes }: PaidDeployment) {
  refuse(addressErrors("/webhook/url", url, allowedOrigins));
  return { url, events: events ?? WebhookEvent.options, secret: secret ?? newWebhookSecret(randomBytes) };
}

/** Stores a picture that came with the request. One at an address is fetched by the job. */
async function keepImage(
  id: string,
  { account }: Charging,
  image: string | undefined,
  read: CheckedFields<unknown>,
  { jobPictures }: PaidDeployment,
): Promise<JobImage | null> {
  const url = image === undefined || read.image ? null : addressIn(image);
  if (url !== null) return { kind: "address", url };
  const none = () => Promise.reject(new Error("the picture has no address"));
  const { picture } = await readRequestPicture({ ...read, fields: { image } }, none);
  if (!picture) return null;
  await jobPictures.put(account, id, picture);
  return { kind: "stored" };
}
