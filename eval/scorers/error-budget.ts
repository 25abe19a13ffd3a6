import type { EvaluatedEntity, EvaluatedPost } from "../../schemas/evaluation.ts";
import type { PostPair } from "./pair-posts.ts";
import { bestIou, isSameSpan, matchInOrder, type Protocol, type ProtocolOptions } from "./protocols/protocol.ts";
import { ratiosOf } from "./ratios.ts";
import { tallyOf, totalOf } from "./tally.ts";

/** The stages of the chain, from its end to its beginning: each oracle also has all that stand before it. */
const STAGES = ["segmentation", "grounding", "entailment", "mner"] as const;
type Stage = (typeof STAGES)[number];

/** What each stage costs of the F1: the F1 when the stage and all after it answer as gold, less the F1 without it. */
export interface ErrorBudget {
  readonly protocol: string;
  readonly task: string;
  readonly rows: ReadonlyArray<{ readonly oracle: Stage | "none"; readonly f1: number | null }>;
  readonly costs: Readonly<Partial<Record<Stage, number | null>>>;
}

/** Replaces what a stage answered by gold, and scores again. The segmentation stage counts for SMNER alone. */
export function errorBudget(pairs: readonly PostPair[], protocol: Protocol, options: ProtocolOptions): ErrorBudget {
  const stages = STAGES.filter((stage) => stage !== "segmentation" || options.task === "smner");
  const f1With = (stage: Stage | "none") => {
    const answered = pairs.map((pair) => ({ ...pair, predicted: oracle(pair, stage, protocol, options) }));
    return ratiosOf(totalOf(tallyOf(answered, protocol, options).counts)).f1;
  };
  const rows = (["none", ...stages] as const).map((name) => ({ oracle: name, f1: f1With(name) }));
  const costs = stages.map((stage, index) => {
    const [without, withIt] = [rows[index]?.f1 ?? null, rows[index + 1]?.f1 ?? null];
    return [stage, without === null || withIt === null ? null : withIt - without] as const;
  });
  return { protocol: protocol.name, task: options.task, rows, costs: Object.fromEntries(costs) };
}

function oracle(pair: PostPair, stage: Stage | "none", protocol: Protocol, { task }: ProtocolOptions): EvaluatedPost {
  const { gold, predicted } = pair;
  if (stage === "none") return predicted;
  if (stage === "mner") return { ...predicted, entities: gold.entities };
  const isSame = (a: EvaluatedEntity, b: EvaluatedEntity) =>
    protocol.byOffsets ? isSameSpan(a, b, task) : a.text === b.text && a.type === b.type;
  const goldOf = new Map(
    matchInOrder(gold.entities, predicted.entities, isSame).map(([entity, answer]) => [answer, entity] as const),
  );
  const entities = predicted.entities.map((answer) => {
    const own = goldOf.get(answer);
    return own && isReplaced(own, answer, stage) ? { ...answer, boxes: own.boxes, masks: own.masks } : answer;
  });
  return { ...predicted, entities };
}

/**
 * A segmenter gets the box that was found, so its oracle answers where that is right. A grounder is asked where
 * entailment said yes, so its oracle answers where there is a region and should be one. Entailment decides everywhere.
 */
function isReplaced(gold: EvaluatedEntity, answer: EvaluatedEntity, stage: Exclude<Stage, "mner">): boolean {
  const [box] = answer.boxes;
  if (stage === "entailment") return true;
  if (!box || gold.boxes.length === 0) return false;
  return stage === "grounding" || bestIou(box, gold.boxes) > 0.5;
}
