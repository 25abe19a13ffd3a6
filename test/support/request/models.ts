import { canceledOrLate } from "../../../src/providers/refusal.ts";
import { type AttemptOptions, type Chains, StageError, type StageModel } from "../../../src/stages/model.ts";
import { mention } from "../mention.ts";
import { modelOf } from "../models.ts";
import { encodeRle } from "../rle.ts";
import type { VirtualTime } from "../virtual-time.ts";
import { type Behaviour, MODEL_STAGES, type ModelStage, NAMES, type Scenario } from "./scenario.ts";

/** Of the picture of every scenario, in pixels. */
export const SIZE = { width: 8, height: 6 };
const BOX = { xmin: 0, ymin: 0, xmax: SIZE.width, ymax: SIZE.height };
const MASK = encodeRle(new Uint8Array(SIZE.width * SIZE.height).fill(1), SIZE);

/** One call of a model, as the model saw it. */
export interface ObservedCall {
  readonly stage: ModelStage;
  readonly entry: string;
  /** Ids of the entities or boxes; the stage's own name where it is asked about the whole post. */
  readonly items: readonly string[];
  readonly isWarming: boolean;
  /** In micro-dollars; null where no price is known. */
  readonly price: number | null;
  /** Whether the model was first in its chain. */
  readonly isFirst: boolean;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  /** Whether it began when its time was over, or the answer was already made. */
  readonly isLate: boolean;
  /** Null while it runs. */
  endedAt: number | null;
  /** Whether it gave an answer before its signal aborted. */
  answered: boolean;
}

/** The text of a scenario's post. */
export function textOf({ names }: Pick<Scenario, "names">): string {
  return NAMES.slice(0, names).join(" and ");
}

/** The index in `NAMES` of an entity or of a region: `e2` and `e2-r1` are of the second name. */
function nameOf(id: string): number {
  return Number(/^e(\d+)/.exec(id)?.[1]) - 1;
}

interface Asked {
  readonly entities?: ReadonlyArray<{ readonly id: string }>;
  readonly boxes?: ReadonlyArray<{ readonly id: string }>;
  readonly warm?: boolean;
}

/** What a model of the stage answers about these items. */
function answerOf(stage: ModelStage, items: readonly string[], scenario: Scenario): object {
  switch (stage) {
    case "caption":
      return { caption: "Some cats." };
    case "knowledge":
      return { knowledge: "Cats are small." };
    case "mner": {
      const text = textOf(scenario);
      const mentions = NAMES.slice(0, scenario.names).map((name, index) => {
        const found = mention(name, text.indexOf(name), "PER", 0.98);
        return scenario.phrased[index] ? { ...found, expression: { text: `the cat ${index}`, method: "llm" } } : found;
      });
      return { mentions: items.length > 0 ? mentions : mentions.filter((_, index) => index % 2 === 0), problems: [] };
    }
    case "expansion":
      return { expressions: items.map((id) => ({ id, text: `a cat like ${id}`, method: "llm" })) };
    case "entailment":
      return {
        judgements: items.map((id) => ({
          id,
          visible: scenario.verdicts[nameOf(id)] ?? null,
          score: 0.7,
          method: "m",
          calibrated: false,
          reason: null,
        })),
      };
    case "grounding": {
      const regionsOf = (id: string) =>
        Array.from({ length: scenario.boxes[nameOf(id)] ?? 0 }, () => ({ box: BOX, score: 0.876_543_21, method: "m" }));
      return { groundings: items.map((id) => ({ id, regions: regionsOf(id) })) };
    }
    case "segmentation":
      return { masks: items.map((id) => ({ id, mask: MASK, score: 0.9, method: "m", reason: null })) };
  }
}

/** Waits and fails as the behaviour says; returns the items that are answered. */
async function behave(
  { kind, after }: Behaviour,
  items: readonly string[],
  { signal }: AttemptOptions,
  time: VirtualTime,
): Promise<readonly string[]> {
  if (kind === "hangs and ignores its signal") return new Promise(() => undefined);
  if (kind === "late") {
    await time.sleep(after);
    return items;
  }
  await time.sleep(kind === "hangs" ? 1e9 : after, signal).catch(() => {
    throw canceledOrLate(signal);
  });
  switch (kind) {
    case "fails":
      throw new StageError("failed", "failed on this input");
    case "breaks off":
      throw new StageError("unreadable", "answered with invalid or incomplete JSON");
    case "is busy":
      throw new StageError("busy", "is busy", { retryAfterMs: 700 });
    case "is unreachable":
      throw new StageError("network", "cannot be reached");
    case "cannot decode":
      throw new StageError("invalid_picture", "cannot read the picture");
    case "in part":
      return items.filter((_, index) => index % 2 === 1);
    case "of others":
      return ["e99", "e99-r1"];
    default:
      return items;
  }
}

export interface Watch {
  /** Called when a model is called. */
  readonly began: (call: ObservedCall) => void;
  /** Called when the call has ended or was given up. */
  readonly freed: (call: ObservedCall) => void;
  readonly isOver: () => boolean;
}

/** The models of a scenario. */
export function modelsOf(scenario: Scenario, time: VirtualTime, watch: Watch): Partial<Chains> {
  const modelAt = (stage: ModelStage, position: number): StageModel => {
    const script = scenario.chains[stage][position];
    if (!script) throw new Error(`no model ${position} of ${stage}`);
    const entry = `${stage}:${position}`;
    let calls = 0;
    const run = async (input: Asked, attempt: AttemptOptions) => {
      const behaviour = script.behaviours[calls++ % script.behaviours.length] as Behaviour;
      const asked = (input.entities ?? input.boxes)?.map(({ id }) => id) ?? [stage];
      const call: ObservedCall = {
        stage,
        entry,
        items: asked,
        isWarming: input.warm === true,
        price: script.price,
        isFirst: position === 0,
        signal: attempt.signal,
        startedAt: time.now,
        isLate: watch.isOver() || attempt.signal.aborted,
        endedAt: null,
        answered: false,
      };
      watch.began(call);
      attempt.signal.addEventListener("abort", () => watch.freed(call), { once: true });
      try {
        const answered = await behave(behaviour, asked, attempt, time);
        call.answered = !attempt.signal.aborted;
        return answerOf(stage, stage === "mner" && behaviour.kind === "in part" ? [] : answered, scenario);
      } finally {
        call.endedAt = time.now;
        watch.freed(call);
        if (script.price !== null) attempt.spent?.({ costUsd: script.price / 1e6 });
      }
    };
    const { batch, warms, takesLinks } = script;
    const price = script.price === null ? null : { call: script.price * 1_000 };
    const more = { entry, price, batch, warms: warms && stage === "segmentation", takesLinks };
    return modelOf(run as never, { ...more, ...(stage === "mner" && { expresses: true }) }) as StageModel;
  };
  return Object.fromEntries(
    MODEL_STAGES.map((stage) => [stage, scenario.chains[stage].map((_, position) => modelAt(stage, position))]),
  ) as Partial<Chains>;
}
