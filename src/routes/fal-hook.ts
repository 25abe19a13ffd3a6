import * as z from "zod/mini";
import type { VendorCallbacks } from "../webhooks/attempts.ts";
import { type HookDeployment, hookRoute } from "./hook.ts";

/**
 * The fields of a callback that are stored (fal.ai/docs/model-apis/webhooks). Of an error, only that there is one is
 * used: the waiting request reads it from the queue.
 */
const EndedRequest = z.object({
  request_id: z.string(),
  status: z.enum(["OK", "ERROR"]),
  payload: z.optional(z.unknown()),
});

/** `POST /hooks/fal/{attempt}`: fal reports that a queued request has ended (src/webhooks/fal-webhooks.ts). */
export const falHookRoute = ({ callbacks, ...deployment }: { readonly callbacks: VendorCallbacks } & HookDeployment) =>
  hookRoute<"/hooks/fal/:attempt">(
    callbacks.fal,
    (callback) => {
      const { request_id, status, payload } = z.safeParse(EndedRequest, callback).data ?? {};
      // The payload of an error repeats the input, which is the post.
      return status === undefined ? null : { request_id, status, ...(status === "OK" && { payload }) };
    },
    deployment,
  );
