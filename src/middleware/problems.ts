import type { Context, ErrorHandler, NotFoundHandler } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { cutText } from "../../schemas/cut-text.ts";
import { PROBLEMS, ProblemError, problemDocument } from "../../schemas/problem.ts";
import { describeError, type Log } from "../observe/log.ts";
import { fitProblem } from "./fit-problem.ts";
import type { RequestVariables } from "./request-id.ts";

const TOO_LATE = "The request's time was over before it was answered.";
/** Longest path that a problem repeats, in UTF-16 code units. Set by hand: no operation's path is as long. */
const PATH_LENGTH = 200;

/**
 * Turns any error that ends a request into a problem document (RFC 9457). A signal's `TimeoutError` becomes
 * `deadline_exceeded`, and so does the reason of a caller who has hung up, whom no response reaches. An unexpected
 * error becomes `internal`; its message is not sent.
 */
export const renderProblem = (log: Log): ErrorHandler<RequestVariables> =>
  function renderProblem(error, context) {
    if (error instanceof ProblemError) return respond(context, error);
    const { signal } = context.req.raw;
    const hasLeft = signal.aborted && error === signal.reason;
    if (hasLeft || error.name === "TimeoutError")
      return respond(context, new ProblemError("deadline_exceeded", TOO_LATE));
    log({ event: "error", request_id: context.get("requestId"), ...describeError(error) });
    return respond(context, new ProblemError("internal", "An unexpected error ended the request."));
  };

/** The problem document for an unknown path. */
export const renderNotFound: NotFoundHandler<RequestVariables> = (context) =>
  respond(context, new ProblemError("not_found", `There is nothing at ${cutText(context.req.path, PATH_LENGTH)}.`));

/** The problem document for a known path with another method. */
export function renderMethodNotAllowed(context: Context<RequestVariables>, methods: string[]): Response {
  const allow = methods.join(", ");
  return respond(
    context,
    new ProblemError(
      "method_not_allowed",
      `${cutText(context.req.path, PATH_LENGTH)} takes ${allow}.`,
      {},
      { Allow: allow },
    ),
  );
}

function respond(context: Context<RequestVariables>, { code, message, fields, headers }: ProblemError): Response {
  const document = problemDocument(code, message, { ...fields, request_id: context.get("requestId") });
  const status = PROBLEMS[code].status as ContentfulStatusCode;
  return context.body(fitProblem(document), status, { ...headers, "Content-Type": "application/problem+json" });
}
