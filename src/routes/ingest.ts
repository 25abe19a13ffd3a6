import type { Context } from "hono";
import { LIMITS } from "../../schemas/limits.ts";
import { priceOf } from "../../schemas/prices.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { IngestAnswer } from "../../schemas/sources.ts";
import { askedEntities, mostUnits } from "../../schemas/units.ts";
import { WebhookEvent } from "../../schemas/webhooks.ts";
import { askAccount } from "../accounts/ask-account.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import type { JobCalls, JobOrder, JobPayer, JobWebhook } from "../jobs/calls.ts";
import { countAddress, countSource } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { deploymentUrl } from "../net/deployment-url.ts";
import { whyNotAllowed } from "../net/guarded-post.ts";
import { readMessage } from "../request/read-message.ts";
import type { Objects } from "../storage/durable-objects.ts";
import type { StoredSource } from "../storage/source-store.ts";
import { jobIdOf } from "../webhooks/ingest/job-ids.ts";
import { isSkipped, type MappedMessage, mapMessage } from "../webhooks/ingest/map-message.ts";
import { signedBySource } from "../webhooks/ingest/signed-by.ts";
import { type HookDeployment, readHook } from "./hook.ts";
import { findSource, type SourceDependencies, sourceIn, workingSecrets } from "./ingest-sources.ts";
import { askJob } from "./jobs/ask-job.ts";

const OPERATION = "recognize";

/** What the hook needs of its deployment. */
export interface IngestDependencies extends SourceDependencies, HookDeployment {
  readonly jobs: Objects<JobCalls>;
}

type IngestContext = Context<RequestVariables>;

/**
 * `POST /hooks/ingest/{source}`: another system sends a message, which becomes one job, or one a picture. It is
 * answered as soon as the jobs have begun: no model is asked and no picture fetched before. A message that its
 * source cannot map is accepted and skipped, because its sender would send a refused one for hours.
 */
export const ingestRoute = (dependencies: IngestDependencies) =>
  async function ingestRoute(context: IngestContext): Promise<Response> {
    const { clock, allowedOrigins, log } = dependencies;
    const late = AbortSignal.timeout(LIMITS.callbackMs);
    const { source, body } = await readVerified(context, late, dependencies).catch(async (error) => {
      // Whoever has no secret of a source is counted by address, as whoever has no key is.
      if (isUnverified(error)) await countAddress(context, dependencies);
      throw error;
    });
    await countSource(source.id, dependencies);
    const account = await payingAccount(source, dependencies);
    const message = await readMessage(body, context.req.raw.headers);
    const mapped = mapMessage(message, source, (url) => whyNotAllowed(url, allowedOrigins));
    if (isSkipped(mapped)) {
      log({ event: "message_skipped", source: source.id, reason: mapped.skipped });
      const answer: IngestAnswer = { id: null, jobs: [], duplicate: false, skipped: `The message ${mapped.skipped}.` };
      return context.json(answer, 202);
    }
    const origin = deploymentUrl(dependencies.publicUrl, context.req.url);
    const orders = await ordersOf(
      mapped,
      { ...source, account },
      { origin, bodyBytes: body.length, acceptedAt: clock() },
    );
    const begun = await begin(orders, dependencies);
    const answer: IngestAnswer = {
      id: mapped.id,
      jobs: orders.map(({ id }) => id),
      duplicate: !begun.includes(true),
      skipped: null,
    };
    return context.json(answer, 202);
  };

/** The source in the path, and the message's bytes once they are verified. */
async function readVerified(context: IngestContext, late: AbortSignal, dependencies: IngestDependencies) {
  const { clock } = dependencies;
  const source = await findSource(sourceIn(context), dependencies);
  const secrets = workingSecrets(source.secrets, clock()).map(({ secret }) => secret);
  const signedBy = signedBySource(source.signature, secrets, clock);
  return { source, body: await readHook(context.req.raw, signedBy, late, dependencies) };
}

/**
 * The account that pays for a source's jobs; null where nobody does. What the source says may be of another time: the
 * deployment had no accounts then, or had this one.
 *
 * @throws ProblemError `source_not_paid` where an account is needed and there is none
 */
async function payingAccount({ id, account }: StoredSource, dependencies: IngestDependencies): Promise<string | null> {
  const { access } = dependencies;
  if (access.mode === "open") return null;
  const remedy = "remove it, and add it again with an account that pays.";
  if (account === null) throw new ProblemError("source_not_paid", `${id} has no account: ${remedy}`);
  if (await askAccount(access.accounts.at(account).exists(), dependencies)) return account;
  throw new ProblemError("source_not_paid", `The account of ${id} was deleted: ${remedy}`);
}

function isUnverified(error: unknown): boolean {
  return error instanceof ProblemError && (error.code === "not_found" || error.code === "signature_invalid");
}

/** Begins the jobs that were not begun before. An order that got lost is given when the sender repeats its message. */
function begin(orders: readonly JobOrder[], { jobs, ...runtime }: IngestDependencies): Promise<boolean[]> {
  return Promise.all(orders.map((order) => askJob(jobs.at(order.id).begin(order), runtime)));
}

interface Received {
  readonly origin: URL;
  readonly bodyBytes: number;
  readonly acceptedAt: number;
}

/** The jobs of a message: one for each picture, or one without. */
async function ordersOf(
  mapped: MappedMessage,
  { id: source, account, replySecret }: StoredSource,
  { origin, bodyBytes, acceptedAt }: Received,
): Promise<JobOrder[]> {
  const { id: reference, identity, pictures, replyTo } = mapped;
  const { image: _, webhook: __, ...fields } = mapped.fields;
  const order: Omit<JobOrder, "id" | "image" | "payer"> = {
    account: account ?? PUBLIC_ACCOUNT,
    operation: OPERATION,
    mode: "live",
    fields,
    origin: origin.href,
    acceptedAt,
    deadline: acceptedAt + (fields.deadline_ms ?? LIMITS.jobDefaultMs),
    keepSeconds: LIMITS.resultSeconds,
    reference,
    batch: null,
    chat: null,
    webhook: webhookOf(replyTo, replySecret),
  };
  const images = pictures.length > 0 ? pictures.map((url) => ({ kind: "address", url }) as const) : [null];
  return Promise.all(
    images.map(async (image, index) => ({
      ...order,
      id: await jobIdOf(source, identity, index),
      image,
      payer: payerOf(account, source, image ? { ...fields, image: image.url } : fields, bodyBytes),
    })),
  );
}

function payerOf(account: string | null, source: string, fields: object, bodyBytes: number): JobPayer {
  if (account === null) return { kind: "nobody" };
  const most = priceOf(OPERATION, mostUnits(OPERATION, fields));
  return { kind: "asks", credential: { source }, most, bodyBytes, entities: askedEntities(fields).entities };
}

function webhookOf(url: string | null, secret: string | null): JobWebhook | null {
  return url !== null && secret !== null ? { url, events: WebhookEvent.options, secret } : null;
}
