import { cutText } from "../../../schemas/cut-text.ts";
import { byteLength } from "../../../schemas/encodings.ts";
import type { JobEnd } from "../../../schemas/jobs.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { toUsd } from "../../../schemas/money.ts";
import type { Charge, PaidOperation } from "../../../schemas/prices.ts";
import type { Problem } from "../../../schemas/problem.ts";
import type { BatchMessage, JobMessage, MessageEntity, PingMessage } from "../../../schemas/webhook-messages.ts";

/** How a job ended, as its webhook tells it. Times are Unix milliseconds. */
export interface JobOutcome {
  readonly id: string;
  readonly operation: PaidOperation;
  readonly state: JobEnd;
  readonly reference: string | null;
  readonly batchId: string | null;
  readonly createdAt: number;
  readonly endedAt: number;
  readonly partial: boolean | null;
  readonly problem: Problem | null;
  readonly charge: Charge | null;
  readonly entities: readonly MessageEntity[];
}

/** How a batch ended, as its webhook tells it. */
export interface BatchOutcome {
  readonly id: string;
  readonly state: string;
  readonly createdAt: number;
  readonly endedAt: number;
  /** How many of its lines ended in each state. */
  readonly counts: Readonly<Record<string, number>>;
  /** Nano-dollars; null where nobody pays. */
  readonly amount: number | null;
}

/**
 * The body of the webhook about a job's end, as JSON of at most `LIMITS.webhookBytes`. It has the first entities that
 * there is room for. The same outcome has the same body.
 */
export function jobMessage(outcome: JobOutcome, links: JobMessage["data"]["links"]): string {
  const { entities, problem, reference, batchId, createdAt, endedAt, ...facts } = outcome;
  const message = (shown: number): JobMessage => ({
    type: `job.${facts.state}`,
    timestamp: isoTime(endedAt),
    data: {
      id: facts.id,
      operation: facts.operation,
      state: facts.state,
      reference: reference === null ? null : cutText(reference, LIMITS.detailLength),
      batch_id: batchId,
      created_at: isoTime(createdAt),
      ended_at: isoTime(endedAt),
      partial: facts.partial,
      problem: problem && shortProblem(problem),
      charge: facts.charge,
      entities: entities.slice(0, shown).map(({ id, text, type, visible, regions, masks }) => ({
        id,
        text,
        type,
        visible,
        regions,
        masks,
      })),
      entities_more: entities.length - shown,
      links,
    },
  });
  const body = (shown: number) => JSON.stringify(message(shown));
  return body(mostThatFit(entities.length, (shown) => byteLength(body(shown)) <= LIMITS.webhookBytes));
}

/** The body of the webhook about a batch's end. */
export function batchMessage(outcome: BatchOutcome, links: BatchMessage["data"]["links"]): string {
  const { id, state, createdAt, endedAt, counts, amount } = outcome;
  const message: BatchMessage = {
    type: "batch.ended",
    timestamp: isoTime(endedAt),
    data: {
      id,
      state,
      created_at: isoTime(createdAt),
      ended_at: isoTime(endedAt),
      counts: { ...counts },
      amount_usd: amount === null ? null : toUsd(amount),
      links,
    },
  };
  return JSON.stringify(message);
}

/** The body of the webhook that tests an endpoint. */
export function pingMessage(endpoint: string, now: number): string {
  const message: PingMessage = { type: "ping", timestamp: isoTime(now), data: { id: endpoint } };
  return JSON.stringify(message);
}

/** The largest number up to `most` that fits, where every smaller one fits too; 0 where none does. */
function mostThatFit(most: number, fits: (number: number) => boolean): number {
  let [fitting, above] = [0, most + 1];
  while (above - fitting > 1) {
    const middle = Math.floor((fitting + above) / 2);
    if (fits(middle)) fitting = middle;
    else above = middle;
  }
  return fitting;
}

/** A problem without its lists, which have no bound here. The job itself has all of it. */
function shortProblem({ type, title, status, code, detail, stage }: Problem): Problem {
  return { type, title, status, code, detail: cutText(detail, LIMITS.detailLength), ...(stage ? { stage } : {}) };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
