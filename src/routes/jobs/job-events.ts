import type { Context } from "hono";
import { ProblemError, problemDocument } from "../../../schemas/problem.ts";
import { negotiate } from "../../middleware/accept.ts";
import type { RequestVariables } from "../../middleware/request-id.ts";
import { EVENT_STREAM_HEADERS, type EventStream, openEventStream } from "../../net/event-stream.ts";
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

/** Sends findings and the end. True where that is the result, and the reader was there. */
async function send(
  stream: EventStream,
  { id, job }: OpenJob,
  first: number,
  known: Events,
  deployment: PaidDeployment,
): Promise<boolean> {
  let after = first;
  let found = known;
  while (found && !stream.left.aborted) {
    for (const { number, event } of found.events) {
      after = number;
      const sent = streamEvent(event);
      if (sent) stream.send({ ...sent, id: number });
    }
    if (found.ended) return sendEnd(stream, id, job, found.last + 1, deployment);
    found = await askJob(job.events(after, WAIT_MS), deployment, WAIT_MS);
  }
  return false;
}

/** Sends how the job ended: `end` with the answer, or `problem`. True where the answer was sent. */
async function sendEnd(
  stream: EventStream,
  id: string,
  job: OpenJob["job"],
  number: number,
  deployment: PaidDeployment,
): Promise<boolean> {
  const facts = await askJob(job.facts(0), deployment);
  const result = await askJob(job.result(), deployment);
  if (result && !facts?.problem) {
    const answer = await freshLinks(JSON.parse(result.answer), deployment);
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
