import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { createLimiter } from "../net/connections.ts";
import type { PictureFetch } from "../net/fetch-picture.ts";
import type { Log } from "../observe/log.ts";
import { type MaskKeeping, maskKeeper } from "../pipeline/picture/keep-mask.ts";
import { RunPictures, type RunPicturesOptions } from "../pipeline/picture/run-pictures.ts";
import type { RecognizeTools } from "../pipeline/recognize.ts";
import { StageRunner, type StageTools } from "../pipeline/stage-runner.ts";
import type { FetchPicture } from "../request/read-image.ts";
import type { ExpansionCache } from "../storage/expansion-cache.ts";

/** What every operation that asks models needs. */
export interface SessionServices
  extends Omit<StageTools, "limit" | "deadline">,
    Pick<MaskKeeping, "masks" | "links">,
    Pick<RunPicturesOptions, "pictures" | "publicUrl"> {
  readonly expansions: ExpansionCache;
  readonly random: (length: number) => Uint8Array;
  readonly log: Log;
  /** Milliseconds that one request may take. */
  readonly deadlineMs: number;
  readonly fetchPicture: PictureFetch;
}

/** One request at work: its models, its pictures, its clock. */
export interface Session {
  readonly id: string;
  readonly stages: StageRunner;
  readonly host: RunPictures;
  readonly fetchPicture: FetchPicture;
  /** What the pipeline needs beside the models. @param store false: nothing of the post may stay */
  tools(store: boolean): RecognizeTools;
}

/**
 * Run an operation over a session. When it ends, however it ends, whatever still runs upstream is told to stop and the
 * pictures that models were shown are deleted. A caller who hangs up ends it, and so does the deadline.
 */
export function inSession(
  context: Context<RequestVariables>,
  services: SessionServices,
  operation: (session: Session) => Promise<Response>,
): Promise<Response> {
  const { clock, deadlineMs, fetchPicture } = services;
  const over = new AbortController();
  const signal = AbortSignal.any([context.req.raw.signal, AbortSignal.timeout(deadlineMs), over.signal]);
  const limit = createLimiter();
  const shared = { ...services, limit, deadline: clock() + deadlineMs };
  const stages = new StageRunner(shared, signal);
  const host = new RunPictures({ ...shared, randomBytes: services.random });
  const keepMask = maskKeeper({ ...shared, origin: new URL(context.req.url).origin });
  const session: Session = {
    id: context.get("requestId"),
    stages,
    host,
    fetchPicture: (address) => fetchPicture(address, signal),
    tools: (store) => ({
      ...shared,
      host,
      chain: services.chains.expansion,
      captioner: services.chains.caption[0]?.entry ?? null,
      cache: store ? services.expansions : null,
      keepMask: store ? keepMask : async () => null,
      later: (work) => context.executionCtx.waitUntil(work),
    }),
  };
  const work = (async () => {
    try {
      return await operation(session);
    } finally {
      over.abort();
      context.set("stages", stages.records);
      context.executionCtx.waitUntil(Promise.all([stages.settled(), host.close()]));
    }
  })();
  // Without it a hang-up drops this code on the spot, and nothing upstream is told (workerd; measured in toolchain.md
  // section 6).
  context.executionCtx.waitUntil(work.catch(() => undefined));
  return work;
}

/**
 * What a stage gave. Throws a `ProblemError` where it gave nothing: an operation that is one stage has nothing else to
 * answer.
 */
export function given<Output>(output: Output | null, stage: StageName, { failures, signal }: StageRunner): Output {
  if (output !== null) return output;
  const failure = failures.findLast((problem) => problem.stage === stage) ?? failures.at(-1);
  throw new ProblemError(signal.aborted ? "deadline_exceeded" : "stage_failed", failure?.detail ?? "", { stage });
}
