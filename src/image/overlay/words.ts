import type { EntityType } from "../../../schemas/primitives.ts";
import type { Entity, Region, VisibilityReason } from "../../../schemas/recognize.ts";
import { oneLine } from "./text.ts";

/** GMNER's types as words. */
const TYPES: Readonly<Record<EntityType, string>> = {
  PER: "person",
  LOC: "place",
  ORG: "organisation",
  OTHER: "other",
};

/** A type as a drawing calls it: GMNER's in words, any other as it is. */
export function typeWord(type: string): string {
  return Object.hasOwn(TYPES, type) ? TYPES[type as EntityType] : type;
}

/** What stands before a name when which region shows it is a guess. */
export const GUESS_MARK = "? ";

/** What a label says of a region besides its name and type. */
export interface RegionWords {
  readonly isGuess: boolean;
  /** "printed" where the region shows the printed name, "candidate" where it is not known whether it shows anything. */
  readonly note: "printed" | "candidate" | null;
  /** The chance that the region shows the named one, as "62%"; null when no model computed it. */
  readonly chance: string | null;
}

export function regionWords({ visible }: Pick<Entity, "visible">, { link, evidence }: Region): RegionWords {
  const isPrinted = evidence === "print" || (evidence === null && link.basis === "printed_name");
  return {
    isGuess: link.basis === "guess",
    note: isPrinted ? "printed" : visible === true ? null : "candidate",
    chance: link.score === null ? null : percentage(link.score),
  };
}

/** A chance in whole percent. It is never rounded to certainty. */
function percentage(chance: number): string {
  if (chance > 0.99 && chance < 1) return ">99%";
  if (chance < 0.01 && chance > 0) return "<1%";
  return `${Math.round(100 * chance)}%`;
}

/** Why it is not known whether an entity is visible. A model that is undecided needs no more words. */
const REASONS: Readonly<Record<VisibilityReason, string | null>> = {
  no_image: "no picture",
  not_asked: "not asked",
  stage_failed: "a model failed",
  over_budget: "not asked: over budget",
  refused: "a model refused",
  undecided: null,
};

/** Entities of an answer that have no box, or whose box says nothing, by what is known of them. */
export interface Unplaced {
  readonly heading: string;
  readonly entities: ReadonlyArray<{ readonly entity: Entity; readonly reason: string | null }>;
}

export function unplacedEntities(entities: readonly Entity[]): Unplaced[] {
  const withReason = (found: readonly Entity[]) =>
    found.map((entity) => {
      const { reason } = entity.visibility;
      return { entity, reason: entity.visible === null && reason !== null ? REASONS[reason] : null };
    });
  return [
    {
      heading: "Visible, not located",
      entities: withReason(entities.filter(({ visible, regions }) => visible === true && regions.length === 0)),
    },
    { heading: "Cannot tell", entities: withReason(entities.filter(({ visible }) => visible === null)) },
    { heading: "Not found", entities: withReason(entities.filter(({ visible }) => visible === false)) },
  ];
}

/** What the drawing of a partial answer says, so that nobody takes a missing box for an absent thing. */
export const PARTIAL = "Partial answer: some stages failed";

/** The drawing's text alternative. It says of each entity what boxes, labels and legend say. */
export function titleOf(entities: readonly Entity[], partial: boolean): string {
  const named = ({ id, text, type }: Entity, more: ReadonlyArray<string | null>) =>
    `${oneLine(text) || id} (${[oneLine(typeWord(type)), ...more].filter((word) => word !== null).join(", ")})`;
  const placed = entities.flatMap((entity) => {
    const [best] = entity.regions;
    if (!best || entity.visible === null) return [];
    const { isGuess, note, chance } = regionWords(entity, best);
    return [named(entity, [note, isGuess ? "a guess" : null, chance])];
  });
  const others = unplacedEntities(entities)
    .filter((group) => group.entities.length > 0)
    .map(
      (group) => `${group.heading}: ${group.entities.map(({ entity, reason }) => named(entity, [reason])).join(", ")}`,
    );
  const marked = placed.length > 0 ? `In the picture: ${placed.join(", ")}` : "Nothing named is marked in the picture";
  return [...(partial ? [PARTIAL] : []), marked, ...others].join(". ");
}
