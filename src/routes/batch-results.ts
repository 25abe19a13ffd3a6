import type { Context } from "hono";
import { type BatchResult, ResultsParameters } from "../../schemas/batches.ts";
import { toUtf8 } from "../../schemas/encodings.ts";
import type { Charge } from "../../schemas/prices.ts";
import { type Problem, ProblemError, problemDocument } from "../../schemas/problem.ts";
import type { BatchCalls, EndedLine } from "../jobs/batches/calls.ts";
import { negotiate } from "../middleware/accept.ts";
import { readParameters } from "../request/read-fields.ts";
import { NO_STORE } from "./account-request.ts";
import { type BatchDeployment, openBatch } from "./batch-request.ts";
import { freshLinks } from "./fresh-links.ts";
import { askJob } from "./jobs/ask-job.ts";

/** Lines that a batch is asked for at a time. */
const PAGE_LINES = 100;
/** Answers that are fetched at a time: each may have some megabytes of masks. */
const ANSWERS_AT_ONCE = 4;
const CANCELED = problemDocument("canceled", "The post was canceled before it had an answer.");

/**
 * `GET /v1/batches/{id}/results`: a line of JSON for each post that has ended, in the order in which they ended. Sends
 * what is there, and then waits up to `wait` seconds for each next one.
 */
export const batchResultsRoute = (deployment: BatchDeployment) =>
  async function batchResultsRoute(context: Context): Promise<Response> {
    const { after, wait } = readParameters(context.req.url, ResultsParameters);
    negotiate(context.req.header("accept"), ["application/x-ndjson"]);
    const { batch, facts } = await openBatch(context, deployment);
    const first = await askJob(batch.lines(after, 1, 0), deployment);
    if (first === "gone" || first === null) {
      const until = new Date(facts.expiresAt ?? 0).toISOString();
      throw new ProblemError("result_gone", `The results of ${facts.id} were kept until ${until}.`);
    }
    const body = streamOf(readResults(batch, { after, waitMs: wait * 1000 }, deployment));
    return context.body(body, 200, {
      ...NO_STORE,
      "Content-Type": "application/x-ndjson; charset=utf-8",
      "X-Accel-Buffering": "no",
    });
  };

/** The results after a number, as lines of JSON. Ends when the batch has, or when there was none for so long. */
async function* readResults(
  batch: BatchCalls,
  { after, waitMs }: { readonly after: number; readonly waitMs: number },
  deployment: BatchDeployment,
): AsyncGenerator<string> {
  for (let last = after; ; ) {
    const page = await askJob(batch.lines(last, PAGE_LINES, waitMs), deployment, waitMs);
    if (page === null || page === "gone" || page.lines.length === 0) return;
    const waiting = [...page.lines];
    const ahead: Array<{ readonly line: EndedLine; readonly text: Promise<string> }> = [];
    const fetchAhead = () => {
      for (let line = waiting.shift(); line; line = ahead.length < ANSWERS_AT_ONCE ? waiting.shift() : undefined) {
        const text = resultOf(line, deployment);
        // The reader may leave before its turn.
        text.catch(() => undefined);
        ahead.push({ line, text });
      }
    };
    fetchAhead();
    for (let next = ahead.shift(); next; next = ahead.shift()) {
      yield `${await next.text}\n`;
      // The reader has asked for more: it has this one. What a failed call leaves is deleted after its own time.
      const { store, jobId, number } = next.line;
      if (!store && jobId !== null) {
        await askJob(deployment.jobs.at(jobId).fetched(), deployment).catch(() => undefined);
      }
      last = number;
      fetchAhead();
    }
  }
}

/** The result of a line as JSON. */
async function resultOf(line: EndedLine, deployment: BatchDeployment): Promise<string> {
  const { number, jobId, state } = line;
  const facts = { number, line: line.line, id: line.reference, job_id: jobId, state };
  const write = (problem: Problem | null, charge: Charge | null = null) => {
    const cost_usd = charge?.amount_usd ?? "0";
    return JSON.stringify({ ...facts, answer: null, problem, cost_usd } satisfies BatchResult);
  };
  if (jobId === null) return write(line.problem ?? CANCELED);
  const job = deployment.jobs.at(jobId);
  const gone = problemDocument("result_gone", `The result of ${jobId} is no longer kept.`);
  const result = state === "succeeded" ? await askJob(job.result(), deployment) : null;
  if (!result) {
    const known = await askJob(job.facts(0), deployment);
    return write(state === "canceled" ? CANCELED : (known?.problem ?? gone), known?.charge);
  }
  const answer = await freshLinks(JSON.parse(result.answer), deployment);
  return JSON.stringify({
    ...facts,
    answer: { ...answer, charge: result.charge },
    problem: null,
    cost_usd: result.charge?.amount_usd ?? "0",
  } satisfies BatchResult);
}

/** Text as a stream that reads no faster than it is read. */
function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await texts.next();
      if (done) controller.close();
      else controller.enqueue(toUtf8(value));
    },
    cancel: async () => void (await texts.return(undefined)),
  });
}
