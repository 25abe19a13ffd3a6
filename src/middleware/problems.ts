import type { Context, ErrorHandler, NotFoundHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { PROBLEMS, ProblemError, problemDocument } from "../../schemas/problem.ts";
import { describeError, type Log } from "../observe/log.ts";
import type { RequestVariables } from "./request-id.ts";

const TOO_LATE = "The request's time was over before it was answered.";

/**
 * Turns any error that ends a request into a problem document (RFC 9457). A signal's `TimeoutError` becomes
 * `deadline_exceeded`, an unexpected error `internal`; its message is not sent.
 */
export const renderProblem = (log: Log): ErrorHandler<RequestVariables> =>
  function renderProblem(error, context) {
    if (error instanceof ProblemError) return respond(context, error);
    if (error.name === "TimeoutError") return respond(context, new ProblemError("deadline_exceeded", TOO_LATE));
    log({ event: "error", request_id: context.get("requestId"), ...describeError(error) });
    return respond(context, new ProblemError("internal", "An unexpected error ended the request."));
  };

/** The problem document for an unknown path. */
export const renderNotFound: NotFoundHandler<RequestVariables> = (context) =>
  respond(context, new ProblemError("not_found", `There is nothing at ${context.req.path}.`));

/** The problem document for a known path with another method. */
export function renderMethodNotAllowed(context: Context<RequestVariables>, methods: string[]): Response {
  const allow = methods.join(", ");
  return respond(
    context,
    new ProblemError("method_not_allowed", `${context.req.path} takes ${allow}.`, {}, { Allow: allow }),
  );
}

function respond(context: Context<RequestVariables>, { code, message, fields, headers }: ProblemError): Response {
  const document = problemDocument(code, message, { ...fields, request_id: context.get("requestId") });
  const status = PROBLEMS[code].status as ContentfulStatusCode;
  return context.body(JSON.stringify(document), status, { ...headers, "Content-Type": "application/problem+json" });
}
