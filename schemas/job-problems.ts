import type { Kind } from "./problem-kind.ts";

/** The problems of jobs, batches and webhooks. */
export const JOB_PROBLEMS = {
  job_running: {
    status: 409,
    title: "The job has not ended",
    when: "The result of a job is asked for before the job has ended. The header Retry-After says when to ask again.",
    remedy: "Ask again later, wait with GET /v1/jobs/{id}?wait=20, or read the job's events.",
    example: "req_01JD0000000000000000000000 is running.",
  },
  job_unavailable: {
    status: 503,
    title: "The job could not be asked",
    when: "The store of the job did not answer in time. The job itself goes on.",
    remedy: "Send the request again after the seconds in Retry-After.",
    example: "The job did not answer within 3000 ms.",
  },
  result_gone: {
    status: 410,
    title: "The result is no longer kept",
    when: "The job was canceled, its result was kept for as long as it says, or it had store: false and was fetched.",
    remedy: "Send the post again.",
    example: "The result of req_01JD0000000000000000000000 was kept until 2026-12-03T12:00:00.000Z.",
  },
  canceled: {
    status: 200,
    title: "The post was canceled",
    when: "The batch of the post, or its own job, was canceled. `cost_usd` beside it charges what was read before.",
    remedy: "Send the post again.",
    example: "The post was canceled before it had an answer.",
  },
  too_many_webhooks: {
    status: 409,
    title: "The account has too many webhook endpoints",
    when: "The account has as many webhook endpoints as it may have, disabled ones too.",
    remedy: "Delete one that is no longer used, or change its address.",
    example: "The account has 20 webhook endpoints, which is the limit.",
  },
} as const satisfies Record<string, Kind>;
