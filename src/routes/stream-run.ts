import type { Context } from "hono";
import { ProblemError, problemDocument } from "../../schemas/problem.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { EVENT_STREAM_HEADERS, openEventStream } from "../net/event-stream.ts";
import { describeError } from "../observe/log.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import type { Run } from "../pipeline/run.ts";
import { streamEvent } from "../pipeline/stream-event.ts";
import type { OpenRequest } from "./run-route.ts";

/**
 * Answers with the run's findings as server-sent events, each as soon as it is there, and `end` with the answer. The
 * response begins with the first finding, so that a request that fails before has the status of its problem. The run
 * ends when the reader leaves.
 *
 * @param work makes the answer
 * @throws what the work throws before it has found anything
 */
export async function streamRun(
  context: Context<RequestVariables>,
  { sleep, log }: Pick<Deployment, "sleep" | "log">,
  { start }: Pick<OpenRequest<unknown>, "start">,
  work: (run: Run) => Promise<object>,
): Promise<Response> {
  const stream = openEventStream({ sleep });
  const began = Promise.withResolvers<void>();
  let hasBegun = false;
  const answering = start(work, {
    gone: stream.left,
    listen(found) {
      const event = streamEvent(found);
      if (!event) return;
      stream.send(event);
      // A problem may be why the request fails: it is told when there is something to tell it with.
      if (event.event === "problem") return;
      hasBegun = true;
      began.resolve();
    },
  });
  const ending = answering.then(
    (answer) => stream.send({ event: "end", data: answer }),
    (error: unknown) => {
      // An error before the first finding is the response's own.
      if (stream.left.aborted || !hasBegun) return;
      const request_id = context.get("requestId");
      if (!(error instanceof ProblemError)) log({ event: "error", request_id, ...describeError(error) });
      const detail = "An unexpected error ended the request: this stream has no end event.";
      const { code, message, fields } =
        error instanceof ProblemError ? error : { code: "internal" as const, message: detail, fields: {} };
      stream.send({ event: "problem", data: problemDocument(code, message, { ...fields, request_id }) });
    },
  );
  const working = ending.finally(() => stream.end());
  await Promise.race([began.promise, answering]);
  context.set("working", working);
  for (const [name, value] of Object.entries(EVENT_STREAM_HEADERS)) context.header(name, value);
  return context.body(stream.body);
}
