import type { Context, Hono } from "hono";
import { toHex } from "../../schemas/encodings.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import {
  CreateSourceRequest,
  type NewSourceAnswer,
  RequestSettings,
  RotateSourceRequest,
  type SignatureScheme,
  type SourceFacts,
  SourceId,
  type SourcesAnswer,
  SourcesParameters,
} from "../../schemas/sources.ts";
import { WebhookSecret } from "../../schemas/webhooks.ts";
import { askAccount } from "../accounts/ask-account.ts";
import { type AccessDependencies, requireOperatorToken } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { deploymentUrl } from "../net/deployment-url.ts";
import { joinUrl } from "../net/join-url.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { addressErrors } from "../request/address-errors.ts";
import { fieldProblem, refuse } from "../request/field-problem.ts";
import { readJsonFields, readParameters } from "../request/read-fields.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { SourceSecret, SourceStore, StoredSource } from "../storage/source-store.ts";
import { newWebhookSecret } from "../webhooks/standard-webhooks.ts";
import { NO_STORE } from "./account-request.ts";

const ID_BYTES = 12;
const SECRET_BYTES = 32;
/** Most secrets of a source: more rotations than that within one overlap end the oldest. */
const SECRETS = 5;

/** What the operator's routes of sources need of their deployment. */
export interface SourceDependencies
  extends AccessDependencies,
    Pick<Deployment, "clock" | "randomBytes" | "deadlineMs" | "storeMs" | "publicUrl"> {
  readonly sources: SourceStore;
  /** Origins to which webhooks may go besides the public internet. */
  readonly allowedOrigins: ReadonlySet<string>;
}

type SourceContext = Context<RequestVariables>;

/** The operator's routes for sources of incoming messages. They work without accounts too (`ACCESS=open`). */
export function sourceRoutes(app: Hono<RequestVariables>, dependencies: SourceDependencies): void {
  app.post("/operator/sources", createSourceRoute(dependencies));
  app.get("/operator/sources", listSourcesRoute(dependencies));
  app.get("/operator/sources/:source", getSourceRoute(dependencies));
  app.delete("/operator/sources/:source", deleteSourceRoute(dependencies));
  app.post("/operator/sources/:source/rotate", rotateSourceRoute(dependencies));
}

const createSourceRoute = (dependencies: SourceDependencies) =>
  async function createSourceRoute(context: SourceContext): Promise<Response> {
    const { timer, deadlineMs, storeMs, randomBytes, clock, sources } = dependencies;
    await requireOperatorToken(context, dependencies);
    const fields = await readJsonFields(context.req.raw, CreateSourceRequest, timer(deadlineMs));
    const { name, signature, mapping, defaults = RequestSettings.parse({}), reply = null } = fields;
    const account = await checkAccount(fields.account, dependencies);
    refuseReply(reply, dependencies);
    const secret = fields.secret ?? makeSecret(signature, randomBytes);
    const replySecret = reply && newWebhookSecret(randomBytes);
    const createdAt = clock();
    const source: StoredSource = {
      id: `src_${toHex(randomBytes(ID_BYTES))}`,
      ...{ name, account, signature, mapping, defaults, reply, replySecret, createdAt },
      secrets: [{ secret, createdAt, expiresAt: null }],
    };
    await untilAborted(sources.put(source), timer(storeMs));
    const answer: NewSourceAnswer = {
      secret: fields.secret === undefined ? secret : null,
      reply_secret: replySecret,
      ...factsOf(source, context, dependencies),
    };
    return context.json(answer, 201, NO_STORE);
  };

const listSourcesRoute = (dependencies: SourceDependencies) =>
  async function listSourcesRoute(context: SourceContext): Promise<Response> {
    const { timer, storeMs, sources } = dependencies;
    await requireOperatorToken(context, dependencies);
    const { cursor = null } = readParameters(context.req.url, SourcesParameters);
    const page = await untilAborted(sources.list(cursor, LIMITS.sourceRows), timer(storeMs));
    const answer: SourcesAnswer = {
      sources: page.sources.map((source) => factsOf(source, context, dependencies)),
      next_cursor: page.next,
    };
    return context.json(answer, 200, NO_STORE);
  };

const getSourceRoute = (dependencies: SourceDependencies) =>
  async function getSourceRoute(context: SourceContext): Promise<Response> {
    await requireOperatorToken(context, dependencies);
    const source = await findSource(sourceIn(context), dependencies);
    return context.json(factsOf(source, context, dependencies), 200, NO_STORE);
  };

const deleteSourceRoute = (dependencies: SourceDependencies) =>
  async function deleteSourceRoute(context: SourceContext): Promise<Response> {
    const { timer, storeMs, sources } = dependencies;
    await requireOperatorToken(context, dependencies);
    await untilAborted(sources.delete(sourceIn(context)), timer(storeMs));
    return context.body(null, 204);
  };

const rotateSourceRoute = (dependencies: SourceDependencies) =>
  async function rotateSourceRoute(context: SourceContext): Promise<Response> {
    const { timer, deadlineMs, storeMs, clock, sources, randomBytes } = dependencies;
    await requireOperatorToken(context, dependencies);
    const fields = await readJsonFields(context.req.raw, RotateSourceRequest, timer(deadlineMs));
    const id = sourceIn(context);
    const { signature, reply } = await findSource(id, dependencies);
    const isReply = fields.which === "reply_secret";
    if (isReply && !reply) refuse([{ pointer: "/which", detail: "cannot be reply_secret: the source has no reply" }]);
    const isStandard = isReply || signature.scheme === "standard-webhooks";
    if (isStandard && fields.secret !== undefined && !WebhookSecret.safeParse(fields.secret).success) {
      refuse([{ pointer: "/secret", detail: "must be whsec_ and the base64 of 24 to 64 bytes" }]);
    }
    const secret = fields.secret ?? (isReply ? newWebhookSecret(randomBytes) : makeSecret(signature, randomBytes));
    const now = clock();
    const rotate = (source: StoredSource): StoredSource =>
      isReply
        ? { ...source, replySecret: secret }
        : { ...source, secrets: replaced(source.secrets, secret, now, fields.overlap_seconds * 1000) };
    const source = await untilAborted(sources.change(id, rotate), timer(storeMs));
    if (!source) throw noSuchSource();
    const made = fields.secret === undefined ? secret : null;
    const answer: NewSourceAnswer = {
      secret: isReply ? null : made,
      reply_secret: isReply ? made : null,
      ...factsOf(source, context, dependencies),
    };
    return context.json(answer, 201, NO_STORE);
  };

/** Secrets with a new one before them. Those before work for the overlap, and none longer than it would have. */
function replaced(secrets: readonly SourceSecret[], secret: string, now: number, overlapMs: number): SourceSecret[] {
  const others = workingSecrets(secrets, now).filter((other) => other.secret !== secret);
  const old = others.map((other) => {
    return { ...other, expiresAt: Math.min(other.expiresAt ?? Number.POSITIVE_INFINITY, now + overlapMs) };
  });
  return workingSecrets([{ secret, createdAt: now, expiresAt: null }, ...old], now).slice(0, SECRETS);
}

/**
 * The secrets that verify messages.
 *
 * @param now Unix time in milliseconds
 */
export function workingSecrets(secrets: readonly SourceSecret[], now: number): SourceSecret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
}

/** The id in the path. Throws `not_found` for what is none. */
export function sourceIn(context: Context): string {
  const id = context.req.param("source") ?? "";
  if (SourceId.safeParse(id).success) return id;
  throw noSuchSource();
}

/** A source. Throws `not_found` where there is none. */
export async function findSource(
  id: string,
  { sources, timer, storeMs }: Pick<SourceDependencies, "sources" | "timer" | "storeMs">,
): Promise<StoredSource> {
  const source = await untilAborted(sources.get(id), timer(storeMs));
  if (source) return source;
  throw noSuchSource();
}

function noSuchSource(): ProblemError {
  return new ProblemError("not_found", "There is no such source.");
}

/** The account that pays: one that exists, or null where there are no accounts. */
async function checkAccount(account: string | undefined, dependencies: SourceDependencies): Promise<string | null> {
  const { access } = dependencies;
  const wrong = (detail: string) => fieldProblem([{ pointer: "/account", detail, value: account }]);
  if (access.mode === "open") {
    if (account === undefined) return null;
    throw wrong("must be left out: this deployment has no accounts (ACCESS=open)");
  }
  if (account === undefined) throw wrong("is required: it pays for the jobs");
  if (await askAccount(access.accounts.at(account).exists(), dependencies)) return account;
  throw wrong("does not exist");
}

function refuseReply(reply: StoredSource["reply"], { allowedOrigins }: SourceDependencies): void {
  if (reply && "url" in reply) refuse(addressErrors("/reply/url", reply.url, allowedOrigins));
}

/** `whsec_` for schemes whose secrets have that form. */
function makeSecret({ scheme }: SignatureScheme, randomBytes: SourceDependencies["randomBytes"]): string {
  return scheme === "standard-webhooks" ? newWebhookSecret(randomBytes) : toHex(randomBytes(SECRET_BYTES));
}

/** What may be shown of a source. */
function factsOf(
  { id, name, account, signature, mapping, defaults, reply, secrets, createdAt }: StoredSource,
  { req }: Context,
  { publicUrl, clock }: SourceDependencies,
): SourceFacts {
  const time = (milliseconds: number) => new Date(milliseconds).toISOString();
  return {
    id,
    name,
    url: joinUrl(deploymentUrl(publicUrl, req.url), `/hooks/ingest/${id}`).href,
    account,
    signature,
    mapping,
    defaults,
    reply,
    secrets: workingSecrets(secrets, clock()).map(({ createdAt: created, expiresAt }) => {
      return { created_at: time(created), expires_at: expiresAt === null ? null : time(expiresAt) };
    }),
    created_at: time(createdAt),
  };
}
