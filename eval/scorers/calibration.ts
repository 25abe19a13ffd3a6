import type { JudgedPost } from "../readers/judgements.ts";
import type { Pairing, PostPair } from "./pair-posts.ts";
import { calibrated, fitPlatt, type PlattConstants } from "./platt.ts";
import { type Reliability, reliabilityOf, type Sample } from "./reliability.ts";
import { matchSpans } from "./same-span.ts";

/** The probabilities that a model gave to gold entities. */
export interface Judged {
  /** The samples of each post. An entity that a post names several times is one sample. */
  readonly posts: ReadonlyArray<readonly Sample[]>;
  /** Entities that were found, and have no probability. */
  readonly without_score: number;
  /** Predicted entities that gold does not have: nothing says whether they are visible. */
  readonly not_in_gold: number;
  /** The model that judged, as the answers record it: `provider/model version`; null where they record none. */
  readonly model: string | null;
}

/** What was fitted, and how far probabilities are from what is seen without and with it. */
export interface CalibrationReport {
  readonly samples: number;
  /** Samples that the picture shows. */
  readonly visible: number;
  readonly without_score: number;
  readonly not_in_gold: number;
  readonly model: string | null;
  readonly constants: PlattConstants;
  readonly before: Reliability;
  /**
   * By constants that were fitted on other posts: the posts are dealt into five parts, and each part is calibrated by
   * what fits the other four. Null where four parts have no visible sample together, or visible ones alone.
   */
  readonly after: Reliability | null;
}

const [PARTS, BINS] = [5, 10];

/**
 * Brings a model's probabilities together with gold: a gold entity with a region is visible. Entities are compared by
 * their spans, whatever their types.
 *
 * @param judged how the entities of a predicted post were judged, by the post's id
 * @throws when scores are calibrated already, or come from several models
 */
export function judgedSamples({ pairs, offsets }: Pairing, judged: ReadonlyMap<string, JudgedPost>): Judged {
  const model = oneModelOf([...judged.values()]);
  let [without_score, not_in_gold] = [0, 0];
  const posts = pairs.map((pair) => {
    const { scores, hasNone, isUnknown } = samplesOf(pair, judged.get(pair.predicted.id), offsets === undefined);
    without_score += hasNone;
    not_in_gold += isUnknown;
    return scores;
  });
  return { posts, without_score, not_in_gold, model };
}

/** @throws when no entity has a probability, or all that have one are visible, or none of them is */
export function calibrationReport({ posts, without_score, not_in_gold, model }: Judged): CalibrationReport {
  const samples = posts.flat();
  if (samples.length === 0) {
    const counts = `${without_score} have none, and ${not_in_gold} predicted entities are not in gold`;
    throw new Error(`no entity of gold has a probability: ${counts}`);
  }
  const constants = fitPlatt(samples);
  return {
    samples: samples.length,
    visible: samples.filter(({ truth }) => truth === 1).length,
    without_score,
    not_in_gold,
    model,
    constants,
    before: reliabilityOf(samples, BINS),
    after: crossFitted(posts),
  };
}

function samplesOf(pair: PostPair, judged: JudgedPost | undefined, byOffsets: boolean) {
  const places = new Map(pair.predicted.entities.map((entity, index) => [entity, judged?.mentions[index]]));
  const found = new Map<number, { score: number | null; truth: number }>();
  const all = new Set<number>();
  for (const [gold, predicted] of matchSpans(pair, byOffsets)) {
    const place = predicted && places.get(predicted);
    if (!place) continue;
    all.add(place.entity);
    if (!gold) continue;
    const truth = Number(gold.boxes.length > 0 || gold.masks.some((mask) => mask !== null));
    const before = found.get(place.entity)?.truth ?? 0;
    found.set(place.entity, { score: place.visibility.score, truth: Math.max(before, truth) });
  }
  const entities = [...found.values()];
  return {
    scores: entities.flatMap(({ score, truth }) => (score === null ? [] : [{ probability: score, truth }])),
    hasNone: entities.filter(({ score }) => score === null).length,
    isUnknown: all.size - found.size,
  };
}

/**
 * The model that judged; null where the answers record none. Throws unless the scores are raw and of one model, because
 * constants hold for these alone.
 */
function oneModelOf(posts: readonly JudgedPost[]): string | null {
  const visibilities = posts.flatMap(({ mentions }) => mentions.map(({ visibility }) => visibility));
  if (visibilities.some(({ calibrated: is }) => is))
    throw new Error("scores are calibrated already: ask the posts again with CALIBRATION empty");
  const methods = new Set(visibilities.flatMap(({ score, method }) => (score === null ? [] : [String(method)])));
  if (methods.size > 1) throw new Error(`scores were computed in several ways: ${[...methods].join(", ")}`);
  const models = new Set(posts.flatMap((post) => post.models));
  if (models.size > 1) {
    throw new Error(`several models judged the posts, and each needs its own constants: ${[...models].join(", ")}`);
  }
  return [...models][0] ?? null;
}

function crossFitted(posts: Judged["posts"]): Reliability | null {
  const scored = posts.filter((samples) => samples.length > 0);
  try {
    const samples = Array.from({ length: PARTS }, (_, part) => {
      const isInPart = (_samples: unknown, index: number) => index % PARTS === part;
      const constants = fitPlatt(scored.filter((one, index) => !isInPart(one, index)).flat());
      return scored
        .filter(isInPart)
        .flat()
        .map(({ probability, truth }) => ({ probability: calibrated(probability, constants), truth }));
    });
    return reliabilityOf(samples.flat(), BINS);
  } catch {
    return null;
  }
}
