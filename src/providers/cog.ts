import { ADMISSION_HEADER } from "../../schemas/admission.ts";
import { Prediction } from "../../schemas/cog.ts";
import { joinUrl } from "../net/join-url.ts";
import { retryAfterMs } from "../net/retry-after.ts";
import { pictureFault } from "./picture-fault.ts";
import { refusal } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";
import { sendJson } from "./send-json.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";
import { type Spent, usageIn } from "./usage.ts";

/** A model in a Cog container: `{endpoint}/{model}/predictions`. */
export interface CogAddress {
  readonly endpoint: URL;
  readonly model: string;
  readonly token: string | null;
}

/** What belongs to a call beside its input. */
interface CogCall {
  readonly admission?: string | undefined;
  readonly key?: string | undefined;
  readonly spent?: Spent | undefined;
}

/** Statuses with a meaning of Cog's own (cog.run/http, version 0.22). A failed prediction has the status 200. */
const STATUSES: Readonly<Record<number, readonly [StageErrorCode, string]>> = {
  202: ["unfinished", "answered 202, before it had a result"],
  409: ["busy", "is already running as many predictions as it can (409)"],
};

/**
 * Codes that our own functions put before the message of a failed prediction when the picture caused it (`InputError`).
 */
const PICTURE_CODES = ["invalid_picture", "picture_too_many_pixels"] as const;

/**
 * Runs one prediction, as exactly one HTTP request, and returns its output as it came. Aborting `signal` closes the
 * connection, which cancels the prediction in the container. Throws a `StageError`, and nothing else.
 *
 * @param call.admission the id of the admitted post to which the prediction belongs
 * @param call.key names the prediction for good: a host that keeps ended predictions answers it once. Others ignore it
 * @param call.spent told the time of a prediction that ended, whatever its end
 */
export async function predict(
  { endpoint, model, token }: CogAddress,
  input: unknown,
  runtime: RequestRuntime,
  signal: AbortSignal,
  { admission, key, spent }: CogCall = {},
): Promise<unknown> {
  const url = joinUrl(endpoint, `/${model}/predictions`);
  const headers = {
    ...(admission !== undefined && { [ADMISSION_HEADER]: admission }),
    ...(key !== undefined && { "idempotency-key": key }),
  };
  const answer = await sendJson({ url, token, headers }, { input }, runtime, signal);
  if (!("reply" in answer)) {
    const [code, detail] = STATUSES[answer.response.status] ?? [];
    const wait = retryAfterMs(answer.response.headers, "", runtime.clock());
    throw code && detail
      ? new StageError(code, detail, { retryAfterMs: wait })
      : refusal(answer.response, answer.text, runtime.clock());
  }
  const parsed = Prediction.safeParse(answer.reply);
  if (!parsed.success) throw new StageError("unreadable", "answered with something that is not a prediction");
  const { status, output, error } = parsed.data;
  spent?.(usageIn(answer.reply));
  if (status === "succeeded") return output;
  if (status === "failed") throw failed(error ?? "");
  if (status === "canceled") throw new StageError("canceled", "canceled the prediction");
  throw new StageError("unfinished", `answered while the prediction was ${status}`);
}

function failed(message: string): StageError {
  const code = PICTURE_CODES.find((candidate) => message.startsWith(`${candidate}: `));
  if (code) return new StageError(code, "cannot read the picture");
  return pictureFault(message) ?? new StageError("failed", "failed on this input");
}
