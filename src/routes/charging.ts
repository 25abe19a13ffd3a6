import type { Context } from "hono";
import type { KeyMode } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { type Charge, type PaidOperation, priceOf, type Units } from "../../schemas/prices.ts";
import { askedEntities, mostUnits } from "../../schemas/units.ts";
import { testKeysNotAvailable } from "../accounts/key-problem.ts";
import {
  type AdmittedRequest,
  admit,
  admitJob,
  type BegunJob,
  type Delivery,
  isBegunJob,
  isReplay,
  type PaidDependencies,
  type Replay,
  rateLimitHeaders,
  webhookHeaders,
} from "../accounts/paid-request.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import type { JobPayer } from "../jobs/calls.ts";
import { readKey } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { EVENT_STREAM_HEADERS } from "../net/event-stream.ts";
import { fingerprintOf } from "../request/fingerprint.ts";
import { headerNotSupported, readIdempotencyKey } from "../request/idempotency-key.ts";
import type { CheckedFields } from "../request/read-request.ts";
import type { SentAnswer } from "../storage/answer-store.ts";
import type { PaidDeployment } from "./paid-deployment.ts";

/** How one request is paid, and how its answer is kept for repeats. */
export interface Charging {
  /** Who pays, as a job is told. */
  readonly payer: JobPayer;
  /** How long the result of a job is kept, in seconds. */
  readonly keepSeconds: number;
  /** The account that owns what the request stores. */
  readonly account: string;
  /** `test` asks the embedded models only. */
  readonly mode: KeyMode;
  /** Whether the answer is kept for repeats. The run then goes on when the caller leaves, so that a repeat finds it. */
  readonly keeps: boolean;
  /** Headers of every response of the request: what is left of the account's quotas, and disabled webhooks. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer is charged; null where nobody pays. */
  charge(units: Units): Charge | null;
  /**
   * Charges what was delivered, and keeps the answer where it is to be kept. Returns headers of the response.
   *
   * @param answer as it is sent; null when only a part of it was
   */
  settle(delivery: Delivery, answer: SentAnswer | null): Promise<Readonly<Record<string, string>>>;
  /** Ends a request that delivered nothing. It costs nothing. */
  release(): Promise<void>;
}

/** The charging of a request that nobody pays for (`ACCESS=open`). */
const FREE: Charging = {
  payer: { kind: "nobody" },
  keepSeconds: LIMITS.resultSeconds,
  account: PUBLIC_ACCOUNT,
  mode: "live",
  keeps: false,
  headers: {},
  charge: () => null,
  settle: async () => ({}),
  release: async () => undefined,
};

/** A request that is about to be paid. */
export interface Asked {
  readonly operation: PaidOperation;
  /** Media type of the answer. */
  readonly type: string;
  /** When the request's time is over, in Unix milliseconds. */
  readonly deadline: number;
  readonly read: CheckedFields<unknown>;
  /** Whether a job answers. */
  readonly isJob: boolean;
}

/** How a request is paid, before its body is read. */
export interface Opening {
  /** Maximum bytes of its body. */
  readonly bodyBytes: number;
  /** Whether a job may answer. */
  readonly takesJobs: boolean;
  /** Asks the account whether the request may run. A job that was begun for it before is no charging. */
  admit(asked: Asked): Promise<Charging | Response | BegunJob>;
}

/**
 * Finds out who pays for a request, before its body is read. The result has the request admitted once its fields are
 * known, or returns the answer that an earlier request with its `Idempotency-Key` got. Null without a key.
 *
 * @throws ProblemError for a key that is not valid
 */
export async function openCharging(
  context: Context<RequestVariables>,
  deployment: PaidDeployment,
): Promise<Opening | null> {
  const idempotencyKey = readIdempotencyKey(context.req.header("idempotency-key"));
  const { access } = deployment;
  if (access.mode === "open") {
    if (idempotencyKey !== null) {
      throw headerNotSupported(
        "The header Idempotency-Key needs accounts, and this deployment has none: ACCESS is open.",
      );
    }
    return { bodyBytes: LIMITS.bodyBytes, takesJobs: true, admit: async () => FREE };
  }
  const key = await readKey(context, access, deployment.log);
  if (!key) return null;
  if (key.mode === "test" && !deployment.testChains) throw testKeysNotAvailable();
  const { account } = key;
  const admitAsked: Opening["admit"] = async ({ operation, type, deadline, read, isJob }) => {
    const asked = isJob ? "a job" : type;
    const repeatable =
      idempotencyKey === null
        ? null
        : { key: idempotencyKey, fingerprint: await fingerprintOf(operation, asked, read) };
    const request = {
      ...requestOf({ operation, deadline, read }, context, deployment),
      account,
      credential: { key: key.hash, scope: operation === "recognize" ? "recognize" : "stages" },
      repeatable,
      ...(isJob && { settleMs: LIMITS.jobSettleSeconds * 1000 }),
    } as const;
    const dependencies = paidDependencies(context, deployment);
    const admitted = await (isJob ? admitJob : admit)(request, dependencies);
    if (isBegunJob(admitted)) return admitted;
    if (isReplay(admitted)) return replay(context, admitted);
    return chargingOf(account, admitted, repeatable !== null && (read.fields as { store: boolean }).store);
  };
  return { bodyBytes: LIMITS.bodyBytes, takesJobs: true, admit: admitAsked };
}

/** What the account is told of a request, whoever pays for it. */
export function requestOf(
  { operation, deadline, read: { fields, bodyBytes } }: Omit<Asked, "type" | "isJob">,
  context: Context<RequestVariables>,
  { clock }: Pick<PaidDeployment, "clock">,
) {
  return {
    requestId: context.get("requestId"),
    operation,
    most: priceOf(operation, mostUnits(operation, fields)),
    deadline,
    bodyBytes,
    ...askedEntities(fields),
    admitMs: deadline - clock(),
  };
}

/** What a paid request needs of the deployment. */
export function paidDependencies(
  { executionCtx }: Context<RequestVariables>,
  { access, answers, timer, sleep, log, howToPay }: PaidDeployment,
): PaidDependencies {
  if (access.mode === "open") throw new Error("nobody pays where ACCESS is open");
  const { accounts } = access;
  const waitUntil = (work: Promise<unknown>) => executionCtx.waitUntil(work);
  return { account: (id) => accounts.at(id), answers, timer, sleep, log, howToPay, waitUntil };
}

/** The charging of a request that was admitted. */
export function chargingOf(account: string, admitted: AdmittedRequest, keeps: boolean): Charging {
  return {
    payer: { kind: "admitted", facts: admitted.facts },
    keepSeconds: admitted.keepSeconds,
    account,
    mode: admitted.mode,
    keeps,
    headers: { ...rateLimitHeaders(admitted.quotas), ...webhookHeaders(admitted.disabledWebhooks) },
    charge: (units) => admitted.charge(units),
    settle: (delivery, answer) => admitted.settle(delivery, keeps ? answer : null),
    release: () => admitted.release(),
  };
}

/** An answer that was sent before, byte by byte. */
export function replay(context: Context<RequestVariables>, { first, kept, body }: Replay): Response {
  context.header("Idempotent-Replayed", "true");
  context.header("X-First-Request-Id", first.requestId);
  if (kept.paymentResponse !== undefined) context.header("PAYMENT-RESPONSE", kept.paymentResponse);
  const isStream = kept.contentType.startsWith("text/event-stream");
  for (const [name, value] of Object.entries(isStream ? EVENT_STREAM_HEADERS : {})) context.header(name, value);
  context.header("Content-Type", kept.contentType);
  return context.body(body, kept.status as 200);
}
