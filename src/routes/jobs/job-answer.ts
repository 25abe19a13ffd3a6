import type { JobAnswer } from "../../../schemas/jobs.ts";
import type { JobFacts, JobOrder } from "../../jobs/calls.ts";
import { linksOf } from "../../jobs/tell.ts";

/** How long to wait before asking for a job again, in seconds. */
export const RETRY_AFTER_S = 2;

/**
 * A job, as the API tells it.
 *
 * @param secret of its webhook, where the response is the one that shows it
 */
export function jobAnswer(facts: JobFacts, secret: string | null = null): JobAnswer {
  const { order, state, startedAt, endedAt, expiresAt, partial, problem, charge, progress } = facts;
  const { id, operation, reference, batch, acceptedAt, deadline, origin, webhook } = order;
  return {
    id,
    operation,
    state,
    reference,
    batch_id: batch?.id ?? null,
    created_at: isoTime(acceptedAt),
    started_at: startedAt === null ? null : isoTime(startedAt),
    ended_at: endedAt === null ? null : isoTime(endedAt),
    deadline_at: isoTime(deadline),
    expires_at: expiresAt === null ? null : isoTime(expiresAt),
    partial,
    progress,
    problem,
    charge,
    links: linksOf(id, origin),
    webhook: webhook && { url: webhook.url, secret },
  };
}

/** What is known of a job that was just begun and has said nothing of itself so far. */
export function queuedFacts(order: JobOrder): JobFacts {
  const nothing = { startedAt: null, endedAt: null, expiresAt: null, partial: null, problem: null, charge: null };
  return { order, state: "queued", isKept: true, ...nothing, progress: { stages: [], entities: [] } };
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
