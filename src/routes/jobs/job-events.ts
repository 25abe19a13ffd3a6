import type { Context } from "hono";
import { ProblemError, problemDocument } from "../../../schemas/problem.ts";
import type { JobEvent } from "../../jobs/calls.ts";
import { negotiate } from "../../middleware/accept.ts";
import type { RequestVariables } from "../../middleware/request-id.ts";
import { EVENT_STREAM_HEADERS, type EventStream, openEventStream } from "../../net/event-stream.ts";
import type { RunEvent } from "../../pipeline/events.ts";
import { streamEvent } from "../../pipeline/stream-event.ts";
import { freshLinks } from "../fresh-links.ts";
import type { PaidDeployment } from "../paid-deployment.ts";
import { askJob } from "./ask-job.ts";
import { gone } from "./job-result.ts";
import { type OpenJob, openJob } from "./open-job.ts";

type Events = Awaited<ReturnType<OpenJob["job"]["events"]>>;

/** For how long one call of a job waits for a finding, in milliseconds. */
const WAIT_MS = 25_000;

/**
 * `GET /v1/jobs/{id}/events`: the findings of a job as server-sent events, those that are known and those that come.
 * `Last-Event-ID` goes on behind an event. A reader that has everything gets 204, which ends an `EventSource`: the
 * last event says how the job ended, and has the number behind the last finding.
 */
export const jobEventsRoute = (deployment: PaidDeployment) =>
  async function jobEventsRoute(context: Context<RequestVariables>): Promise<Response> {
    negotiate(context.req.header("accept"), ["text/event-stream"]);
    const opened = await openJob(context, deployment);
    const after = readLastId(context.req.header("last-event-id"));
    const known = await askJob(opened.job.events(after, 0), deployment);
    if (known?.ended && after > known.last) return context.body(null, 204);
    const stream = openEventStream({ sleep: deployment.sleep });
    const sending = send(stream, opened, after, known, deployment).finally(() => stream.end());
    const noted = sending.then((isResultSent) => (isResultSent ? opened.job.fetched() : undefined));
    context.executionCtx.waitUntil(noted.catch(() => undefined));
    for (const [name, value] of Object.entries(EVENT_STREAM_HEADERS)) context.header(name, value);
    return context.body(stream.body);
  };

/**
 * Sends findings and the end. True where that is the result, and the reader was there. A problem may be why the job
 * fails, and the end then says it: as in the stream of a request, problems wait until there is something else to tell.
 */
async function send(
  stream: EventStream,
  { id, job }: OpenJob,
  first: number,
  known: Events,
  deployment: PaidDeployment,
): Promise<boolean> {
  let after = first;
  let found = known;
  // Where the reader goes on behind an event, something was told before.
  let hasBegun = first > 0;
  const waiting: JobEvent[] = [];
  const sendWaiting = () => {
    for (const { number, event } of waiting.splice(0)) {
      const sent = streamEvent(event);
      if (sent) stream.send({ ...sent, id: number });
    }
  };
  while (found && !stream.left.aborted) {
    for (const finding of found.events) {
      after = finding.number;
      waiting.push(finding);
      hasBegun ||= isFound(finding.event);
      if (hasBegun) sendWaiting();
    }
    if (found.ended) return sendEnd(stream, id, job, found.last + 1, deployment, sendWaiting);
    found = await askJob(job.events(after, WAIT_MS), deployment, WAIT_MS);
  }
  return false;
}

/** Whether an event tells something of the post: no problem, and no mask that is missing for one. */
function isFound(event: RunEvent): boolean {
  return event.event === "mask" ? event.mask.mask_reason === null : event.event !== "problem";
}

/**
 * Sends how the job ended: `end` with the answer, or `problem`. True where the answer was sent.
 *
 * @param sendWaiting sends the problems that an answer has
 */
async function sendEnd(
  stream: EventStream,
  id: string,
  job: OpenJob["job"],
  number: number,
  deployment: PaidDeployment,
  sendWaiting: () => void,
): Promise<boolean> {
  const facts = await askJob(job.facts(0), deployment);
  const result = await askJob(job.result(), deployment);
  if (result && !facts?.problem) {
    const answer = await freshLinks(JSON.parse(result.answer), deployment);
    sendWaiting();
    stream.send({ event: "end", data: { ...answer, charge: result.charge }, id: number });
    return !stream.left.aborted;
  }
  const { code, message } = gone(id, facts?.state ?? "canceled");
  stream.send({
    event: "problem",
    data: facts?.problem ?? problemDocument(code, message, { request_id: id }),
    id: number,
  });
  return false;
}

/** The number in `Last-Event-ID`; 0 without one. */
function readLastId(header: string | undefined): number {
  if (header === undefined || header === "") return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const errors = [{ pointer: "", detail: "Last-Event-ID is not the id of an event", value: header.slice(0, 60) }];
  throw new ProblemError("invalid_request", "Last-Event-ID is not the id of an event.", { errors });
}
