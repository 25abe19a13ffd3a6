import type { EvaluatedFile } from "../readers/evaluated-file.ts";
import type { Pairing } from "./pair-posts.ts";
import { type Protocol, type ProtocolOptions, TASKS, type Task } from "./protocols/protocol.ts";
import { type Tally, tallyOf } from "./tally.ts";

/** One task by one protocol: what was counted, or why it was not scored. */
export type Series = {
  readonly protocol: string;
  readonly task: Task;
} & ({ readonly tally: Tally; readonly reason: null } | { readonly tally: null; readonly reason: string });

/** What the files are and what the caller asks. */
export interface ScoreRequest {
  readonly gold: EvaluatedFile;
  readonly predictions: EvaluatedFile;
  readonly pairing: Pairing;
  readonly protocols: readonly Protocol[];
  /** The tasks that are asked for. */
  readonly tasks: readonly Task[];
  readonly options: Omit<ProtocolOptions, "task">;
}

/** Scores every task by every protocol that has it. */
export function scoreSeries(request: ScoreRequest): Series[] {
  const { protocols, tasks, options, pairing } = request;
  return protocols.flatMap((protocol) =>
    protocol.tasks
      .filter((task) => tasks.includes(task))
      .map((task): Series => {
        const reason = refusalOf(protocol, task, request);
        const name = { protocol: protocol.name, task };
        return reason === null
          ? { ...name, tally: tallyOf(pairing.pairs, protocol, { ...options, task }), reason }
          : { ...name, tally: null, reason };
      }),
  );
}

/** Why a task cannot be scored by a protocol; null when it can. */
export function refusalOf(
  protocol: Protocol,
  task: Task,
  { gold, predictions, pairing, options }: ScoreRequest,
): string | null {
  if (protocol.byCandidates && !options.candidates) return "needs the candidate boxes: --candidates FILE";
  if (protocol.byOffsets && pairing.offsets) return pairing.offsets;
  if (task === "smner") {
    const hasMasks = ({ posts }: EvaluatedFile) =>
      posts.some(({ entities }) => entities.some(({ masks }) => masks.some((mask) => mask !== null)));
    if (!hasMasks(gold)) return "no entity of gold has a mask";
    return hasMasks(predictions) ? null : "the predictions have no masks";
  }
  return task === "mner" ? null : (gold.missing.regions ?? predictions.missing.regions ?? null);
}

/** The tasks that a name stands for: one, or all. */
export function tasksNamed(name: string | undefined): readonly Task[] {
  if (name === undefined) return TASKS;
  const task = TASKS.find((one) => one === name);
  if (!task) throw new Error(`there is no task ${name}; there are ${TASKS.join(", ")}`);
  return [task];
}
