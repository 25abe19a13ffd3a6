import { refusal } from "./refusal.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** fal's types of errors around a model (fal.ai/docs/documentation/model-apis/request-errors, November 2026). */
const AROUND_THE_MODEL: Readonly<Record<string, readonly [StageErrorCode, string]>> = {
  request_timeout: ["timeout", "did not answer in time"],
  startup_timeout: ["not_ready", "did not start in time"],
  runner_scheduling_failure: ["not_ready", "has no machine to run on"],
  runner_connection_timeout: ["http_error", "lost the machine that it ran on"],
  runner_disconnected: ["http_error", "lost the machine that it ran on"],
  runner_connection_refused: ["http_error", "lost the machine that it ran on"],
  runner_connection_error: ["http_error", "lost the machine that it ran on"],
  runner_incomplete_response: ["http_error", "lost the machine that it ran on"],
  runner_server_error: ["http_error", "failed"],
  client_disconnected: ["canceled", "was canceled"],
  client_cancelled: ["canceled", "was canceled"],
  bad_request: ["rejected", "rejected the request: invalid input"],
  internal_error: ["http_error", "failed"],
};

/** Types of errors of a model itself (fal.ai/docs/model-apis/errors), which stand in `detail[0].type`. */
const OF_THE_MODEL: Readonly<Record<string, readonly [StageErrorCode, string]>> = {
  content_policy_violation: ["refused", "refused this content"],
  image_load_error: ["invalid_picture", "cannot read the picture"],
  file_download_error: ["rejected", "could not fetch the picture"],
};

/** Error types after which the same call may succeed soon. */
const TRANSIENT: ReadonlySet<StageErrorCode> = new Set(["timeout", "not_ready", "http_error"]);

/**
 * A response of fal's that is not a success, as a `StageError`. The error's type says more than the status: it stands
 * in the header `x-fal-error-type` or in the body.
 *
 * @param body the response's text, read for a type and a waiting time, and not kept
 * @param now Unix time in milliseconds
 */
export function falRefusal(response: Pick<Response, "status" | "headers">, body: string, now: number): StageError {
  const general = refusal(response, body, now);
  const { header, type } = typesOf(response.headers, body);
  const around = lookUp(AROUND_THE_MODEL, header);
  const [code, detail] = around ?? lookUp(OF_THE_MODEL, type) ?? [];
  // The account's own limits have no type; a limit that is reached is told apart by its status.
  if (!code || !detail || response.status === 429) return general;
  const retryable = TRANSIENT.has(code);
  return new StageError(code, `${detail} (${around ? header : type})`, {
    retryable,
    retryAfterMs: retryable ? general.retryAfterMs : null,
  });
}

function lookUp<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The error's type around the model and of the model; empty where it has none. */
function typesOf(headers: Headers, body: string): { header: string; type: string } {
  const [, around = ""] = /"error_type"\s*:\s*"(\w{1,60})"/.exec(body.slice(0, 4_000)) ?? [];
  const [, type = ""] = /"type"\s*:\s*"(\w{1,60})"/.exec(body.slice(0, 4_000)) ?? [];
  return { header: headers.get("x-fal-error-type") || around, type };
}
