import { ANSWERS } from "./examples.ts";
import { CANCELED, JOB } from "./job-examples.ts";
import { JobAnswer, JobParameters } from "./jobs.ts";
import { ALWAYS, KEY, type Operation } from "./operation.ts";
import { RecognizeAnswer } from "./recognize.ts";
import { STREAM_EVENT_SCHEMAS } from "./stream.ts";

const JOBS = { tag: "jobs", access: "any key", pathParameters: { id: "The job's id, `req_…`." } } as const;
const PROBLEMS = [...KEY, "not_found", "job_unavailable", ...ALWAYS] as const;
const ANSWER = { name: "JobAnswer", schema: JobAnswer };

/** The operations on jobs: work that goes on behind the response to its request. */
export const JOB_OPERATIONS: readonly Operation[] = [
  {
    id: "getJob",
    method: "get",
    path: "/v1/jobs/{id}",
    ...JOBS,
    summary: "Get the state of a job",
    description:
      "Returns where a job is: its state, how far it has come by stage and by entity, and what each model cost so far. " +
      "With `wait`, it answers when the job has ended, or when that time is over.",
    query: { name: "JobParameters", schema: JobParameters },
    answer: { ...ANSWER, example: JOB },
    problems: [...PROBLEMS, "invalid_request"],
  },
  {
    id: "cancelJob",
    method: "delete",
    path: "/v1/jobs/{id}",
    ...JOBS,
    summary: "Cancel a job, and delete what it has",
    description:
      "Cancels what runs at the models, and deletes the post, its picture and what was found. A job that is canceled is " +
      "charged what was read of its events by then, and the names and visibilities that its progress has shown. A job " +
      "that has ended keeps its end, and its result is deleted. Repeating it changes nothing.",
    answer: { ...ANSWER, example: CANCELED },
    problems: PROBLEMS,
  },
  {
    id: "getJobEvents",
    method: "get",
    path: "/v1/jobs/{id}/events",
    ...JOBS,
    summary: "Read the findings of a job as they come",
    description:
      "Sends the events that `POST /v1/recognize` with `Accept: text/event-stream` sends: those that are known, those " +
      "that come, and at last `end` with the answer, or `problem` where there is none. `Last-Event-ID` goes on behind " +
      "an event. A reader that has got all of them gets 204, on which an `EventSource` does not come back.",
    optionalHeaders: { "last-event-id": "The id of the last event that was received." },
    events: STREAM_EVENT_SCHEMAS,
    files: { "text/event-stream": "The findings, and then the answer." },
    problems: [...PROBLEMS, "invalid_request", "not_acceptable"],
  },
  {
    id: "getJobResult",
    method: "get",
    path: "/v1/jobs/{id}/result",
    ...JOBS,
    summary: "Get the answer of a job",
    description:
      "Returns what the request would have got without a job, by `Accept`: of `/v1/recognize` as JSON or drawn on the " +
      "picture, of a single stage as JSON. A job that failed answers with its problem. Links in the answer are signed " +
      "anew each time. With `store: false`, the answer is deleted a minute after it was sent or told, or after an hour.",
    answer: { name: "RecognizeAnswer", schema: RecognizeAnswer, example: ANSWERS.recognize },
    files: {
      "image/svg+xml": "The overlay as SVG.",
      "image/png": "The overlay as PNG, its long side at most 1,600 pixels.",
    },
    problems: [
      ...PROBLEMS,
      "invalid_request",
      "job_running",
      "result_gone",
      "not_acceptable",
      "overlay_not_drawable",
      "labels_not_covered",
      "payment_required",
      "scope_missing",
      "quota_exceeded",
      "too_many_at_once",
      "answer_not_kept",
      "picture_not_fetched",
      "picture_type_not_supported",
      "invalid_picture",
      "picture_too_many_pixels",
      "body_too_large",
      "over_budget",
      "stage_failed",
      "overloaded",
      "deadline_exceeded",
    ],
  },
];
