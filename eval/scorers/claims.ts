import { boxArea } from "../../schemas/geometry.ts";
import type { Box, RleMask } from "../../schemas/primitives.ts";
import type { AnsweredEntity } from "../readers/answers.ts";
import type { GoldEntity } from "../readers/example-sets.ts";

/** What a system says of one entity. */
export interface Claim {
  /** Null: it cannot tell. */
  readonly visible: boolean | null;
  /** The probability that the entity is visible. */
  readonly probability: number;
  /** The best place; a candidate where `visible` is not true. */
  readonly region: ClaimedRegion | null;
}

export interface ClaimedRegion {
  readonly box: Box;
  readonly mask: RleMask | null;
  readonly mask_score: number | null;
  /** On what the link between name and region rests; null when the system does not say. */
  readonly basis: string | null;
}

/** One gold entity and what a system says of it; null when the system did not find the entity. */
export interface Case {
  readonly gold: GoldEntity;
  readonly claim: Claim | null;
}

/** What an answer says of an entity. Of several regions the first counts. */
export function claimOf({ visible, visibility, regions }: AnsweredEntity): Claim {
  const [first] = regions;
  return {
    visible,
    probability: visibility.score ?? probabilityOf(visible),
    region: first
      ? { box: first.box, mask: first.mask, mask_score: first.mask_score, basis: first.link?.basis ?? null }
      : null,
  };
}

/** The probability of an answer without one: its word is taken for certain. */
function probabilityOf(visible: boolean | null): number {
  return visible === null ? 0.5 : Number(visible);
}

/** The baseline that never sees anything. */
export function alwaysNo(entities: readonly AnsweredEntity[]): Claim[] {
  return entities.map(() => ({ visible: false, probability: 0, region: null }));
}

/** The baseline that gives the names of people, in the order of the text, the boxes of people, largest first. */
export function largestFirst(entities: readonly AnsweredEntity[], people: readonly Box[]): Claim[] {
  const boxes = people.toSorted((a, b) => boxArea(b) - boxArea(a));
  const startOf = ({ mentions }: AnsweredEntity) => Math.min(...mentions.map(({ start }) => start));
  const named = entities.filter(({ type }) => type === "PER").toSorted((a, b) => startOf(a) - startOf(b));
  return entities.map((entity) => {
    const box = boxes[named.indexOf(entity)];
    const region = box ? { box, mask: null, mask_score: null, basis: null } : null;
    return { visible: region !== null, probability: Number(region !== null), region };
  });
}
