import * as z from "zod/mini";
import type { VendorCallbacks } from "../webhooks/attempts.ts";
import { type HookDeployment, hookRoute } from "./hook.ts";

/** The fields of a callback that are stored. Its `input` is left out, because it contains the post. */
const EndedPrediction = z.object({
  id: z.string(),
  status: z.enum(["succeeded", "failed", "canceled", "aborted"]),
  version: z.optional(z.nullable(z.string())),
  output: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  data_removed: z.optional(z.nullable(z.boolean())),
});

/** `POST /hooks/replicate/{attempt}`: Replicate reports that a prediction has ended (Standard Webhooks). */
export const replicateHookRoute = ({
  callbacks,
  ...deployment
}: { readonly callbacks: VendorCallbacks } & HookDeployment) =>
  hookRoute<"/hooks/replicate/:attempt">(
    callbacks.replicate,
    (callback) => z.safeParse(EndedPrediction, callback).data ?? null,
    deployment,
  );
