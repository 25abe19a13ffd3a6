import type { AdmissionRequest } from "../../schemas/admission.ts";
import { joinUrl } from "../net/join-url.ts";
import type { CogAddress } from "./cog.ts";
import { refusal } from "./refusal.ts";
import { retryAfterMs } from "./retry-after.ts";
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

/** Statuses of a host that does not know admissions. */
const UNKNOWN: ReadonlySet<number> = new Set([404, 405]);

/** A Cog host. One that does not know admissions is asked once, and admits every post. */
export function cogHost({ endpoint, token }: CogAddress, runtime: RequestRuntime): ModelHost {
  let asks = true;
  const url = (id: string) => joinUrl(endpoint, `/admissions/${id}`);
  return {
    key: endpoint.href,
    async admit({ id, ...request }, signal) {
      if (!asks) return;
      const answer = await sendJson({ url: url(id), token, method: "PUT" }, request, runtime, signal);
      if ("reply" in answer || answer.response.status === 204) return;
      const { response, text } = answer;
      if (UNKNOWN.has(response.status)) asks = false;
      else if (response.status === 409) {
        const wait = retryAfterMs(response.headers, "", runtime.clock());
        throw new StageError("busy", "has no room for another post (409)", { retryAfterMs: wait });
      } else throw refusal(response, text, runtime.clock());
    },
    async leave(id) {
      if (!asks) return;
      const signal = AbortSignal.timeout(LEAVE_MS);
      await sendJson({ url: url(id), token, method: "DELETE" }, undefined, runtime, signal).catch(() => undefined);
    },
  };
}
