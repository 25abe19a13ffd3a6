import type { Context } from "hono";
import { ProblemError, problemDocument } from "../../schemas/problem.ts";
import { deliveredUnits } from "../../schemas/units.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { EVENT_STREAM_HEADERS, openEventStream } from "../net/event-stream.ts";
import { describeError } from "../observe/log.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import type { RunEvent } from "../pipeline/events.ts";
import { entitiesOf, foldEvents } from "../pipeline/fold.ts";
import type { Run } from "../pipeline/run.ts";
import { streamEvent } from "../pipeline/stream-event.ts";
import type { OpenRequest } from "./run-route.ts";

/**
 * Answers with the run's findings as server-sent events, each as soon as it is there, and `end` with the answer. The
 * response begins with the first finding, so that a request that fails before has the status of its problem. The run
 * ends when the reader leaves; what the reader has got by then is charged. Where the answer is kept for repeats, the
 * run goes on.
 *
 * @param work makes the answer
 * @throws what the work throws before it has found anything
 */
export async function streamRun(
  context: Context<RequestVariables>,
  { sleep, log }: Pick<Deployment, "sleep" | "log">,
  { charging, start, settle }: OpenRequest,
  work: (run: Run) => Promise<object>,
): Promise<Response> {
  const sent: Uint8Array<ArrayBuffer>[] = [];
  const copy = charging.keeps ? (bytes: Uint8Array<ArrayBuffer>) => void sent.push(bytes) : undefined;
  const stream = openEventStream({ sleep, copy });
  const began = Promise.withResolvers<void>();
  let hasBegun = false;
  const found: RunEvent[] = [];
  const answering = start(work, {
    gone: stream.left,
    listen(finding) {
      found.push(finding);
      const event = streamEvent(finding);
      if (!event) return;
      stream.send(event);
      // A problem may be why the request fails: it is told when there is something to tell it with.
      if (event.event === "problem") return;
      hasBegun = true;
      began.resolve();
    },
  });
  const ending = answering.then(
    async (answer) => {
      const units = deliveredUnits("recognize", answer);
      const charge = charging.charge(units);
      if (charge) context.set("charge", charge);
      stream.send({ event: "end", data: { ...answer, charge } });
      const body = new Uint8Array(await new Blob(sent).arrayBuffer());
      await settle(units, { status: 200, contentType: EVENT_STREAM_HEADERS["Content-Type"], body });
    },
    async (error: unknown) => {
      // What a reader got who then left is charged. What failed is free.
      if (stream.left.aborted && hasBegun && !charging.keeps) {
        await settle(deliveredUnits("recognize", { entities: entitiesOf(foldEvents(found)) }), null);
      } else await charging.release();
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
  // A problem before the first finding is sent after the request was released: a repeat must not find it running.
  const failing = answering.catch((error) => working.then(() => Promise.reject(error)));
  await Promise.race([began.promise, failing]);
  context.set("working", working);
  context.executionCtx.waitUntil(working);
  for (const [name, value] of Object.entries(EVENT_STREAM_HEADERS)) context.header(name, value);
  return context.body(stream.body);
}
