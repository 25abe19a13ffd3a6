import type { AdmissionRequest } from "../../schemas/admission.ts";
import { joinUrl } from "../net/join-url.ts";
import { retryAfterMs } from "../net/retry-after.ts";
import type { CogAddress } from "./cog.ts";
import { refusal } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";
import { sendJson } from "./send-json.ts";
import { StageError } from "./stage-error.ts";

/** A post that asks for room: its id, and what the host needs to know of it. */
export interface AdmittedPost extends AdmissionRequest {
  readonly id: string;
}

/** A host of several models, which accepts all of a post's calls or none (schemas/admission.ts). */
export interface ModelHost {
  /** Equal for models of the same host. */
  readonly key: string;
  /**
   * Asks for room for a post, as one HTTP request. Throws a `StageError`: `busy` with the time to wait when there is
   * none.
   */
  admit(post: AdmittedPost, signal: AbortSignal): Promise<void>;
  /** Tells the host that the post needs its room no longer. Never rejects: the host forgets it at its deadline. */
  leave(id: string): Promise<void>;
}

/** Time that `leave` may take, in milliseconds. */
const LEAVE_MS = 2_000;

/** How long a host that does not know admissions is not asked again, in milliseconds: a proxy may have answered. */
const UNKNOWN_MS = 60_000;

/** A Cog host. One that does not know admissions admits every post. */
export function cogHost({ endpoint, token }: CogAddress, runtime: RequestRuntime): ModelHost {
  let asksFrom = Number.NEGATIVE_INFINITY;
  const asks = () => runtime.clock() >= asksFrom;
  const url = (id: string) => joinUrl(endpoint, `/admissions/${id}`);
  return {
    key: endpoint.href,
    async admit({ id, ...request }, signal) {
      if (!asks()) return;
      const answer = await sendJson({ url: url(id), token, method: "PUT" }, request, runtime, signal);
      if ("reply" in answer || answer.response.status === 204) return;
      const { response, text } = answer;
      if (response.status === 409) {
        const wait = retryAfterMs(response.headers, "", runtime.clock());
        throw new StageError("busy", "has no room for another post (409)", { retryAfterMs: wait });
      }
      const error = refusal(response, text, runtime.clock());
      if (error.retryable) throw error;
      asksFrom = runtime.clock() + UNKNOWN_MS;
    },
    async leave(id) {
      if (!asks()) return;
      const signal = AbortSignal.timeout(LEAVE_MS);
      await sendJson({ url: url(id), token, method: "DELETE" }, undefined, runtime, signal).catch(() => undefined);
    },
  };
}
