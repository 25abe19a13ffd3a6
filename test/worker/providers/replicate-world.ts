import type { Callback } from "../../../src/providers/job.ts";
import { predict, type ReplicateTarget } from "../../../src/providers/replicate.ts";
import type { Fault, HostScript } from "../../support/hosted/script.ts";
import { type CalmWorld, caption, captioner, NOW, runnerOf, startWorld, unbound } from "./start.ts";

export const VERSION = "a".repeat(64);

interface Options {
  readonly signal?: AbortSignal;
  readonly deadline?: number;
  readonly callback?: Callback;
  readonly target?: ReplicateTarget;
  readonly input?: Record<string, unknown>;
  readonly spent?: (usage: object) => void;
}

/** Runs one prediction, and settles when the work that it left behind has ended too. */
export function runPrediction(
  world: CalmWorld,
  {
    signal = unbound(),
    deadline = NOW + 30_000,
    callback,
    target = { version: VERSION },
    input = { a: 1 },
    spent,
  }: Options = {},
) {
  const address = { endpoint: new URL(world.session.at("replicate/v1")), token: "t0ken" };
  const behind: Promise<unknown>[] = [];
  const later = (work: Promise<unknown>) => void behind.push(work);
  const asked = predict(address, target, input, world, { signal, deadline, callback: callback ?? null, later, spent });
  return asked.finally(() => Promise.allSettled(behind));
}

/** A host whose predictions give "words", and whose calls meet these faults. */
export const startReplicate = (faults: NonNullable<HostScript["faults"]> = {}): Promise<CalmWorld> =>
  startWorld({ replies: { [`replicate ${VERSION}`]: ["words"], "replicate owner/name": ["words"] }, faults });

/** The call shows the prediction in this status. */
export const shown = (status: string, fields: Record<string, unknown> = {}): Fault => ({
  kind: "prediction",
  status,
  fields,
});

/** The operations that the host received, in order. */
export const operationsOf = async ({ session }: CalmWorld): Promise<string[]> =>
  (await session.calls()).map(({ operation }) => operation.replace("replicate.", ""));

/** The pipeline around a model that runs one prediction. */
export const runnerFor = (world: CalmWorld) =>
  runnerOf([captioner("replicate/owner/name", async () => caption((await runPrediction(world)).output))], world);
