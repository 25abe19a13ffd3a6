import { ENTITY_TYPES, type EntityType } from "../../../schemas/primitives.ts";
import type { Cue, Said } from "./cues.ts";
import { type Counted, PRIOR_TABLE, type TypeTable } from "./prior-table.ts";

/** What a prior needs of an entity. Its type is one of the four; any other is treated as unknown. */
export interface TypedEntity {
  readonly type?: string | undefined;
}

/**
 * Prior for a name that the text says is not in the picture. Set by hand: the train split has 3 such names, none of
 * them visible, and the dev split 1, which is ("without Julie Andrews").
 */
export const DENIED = 0.05;
/** How many names with the type's share smooth the share of a cue. Set by hand. */
const STRENGTH = 10;
/** Weight of a cue. Of 0.5 and 1, the one with the lower Brier score on the dev split. */
const WEIGHT = 0.5;

/**
 * Prior probability that each name is visible, before anybody looks at the picture: from its type, its place among the
 * post's names, and the cues in the text. Without cues, because there is no text or it lacks the name, from type and
 * place alone. A name that is added behind the others does not change which of them is likelier, unless it stands right
 * beside one of them.
 * Counted on Twitter-GMNER's train split (prior-table.ts), and combined as naive Bayes does, in odds. Cues count half,
 * because cues go together. On its dev split, training/README.md has how well it predicts, and its reliability.
 * @param said what the text says about each entity (`readCues`); empty without a text
 */
export function visiblePrior(entities: readonly TypedEntity[], said: readonly Said[]): number[] {
  const groups = groupsOf(entities);
  return entities.map(({ type }, index) => {
    const { excluded = null, cues = [] } = said[index] ?? {};
    if (excluded === "denied") return DENIED;
    if (!isEntityType(type)) return shareOf(ENTITY_TYPES.flatMap((each) => Object.values(PRIOR_TABLE[each].groups)));
    const table = PRIOR_TABLE[type];
    const group = table.groups[groups[index] ?? ""];
    if (!group) return shareOf(Object.values(table.groups));
    // A name that is in the text has at least the cue of where it stands.
    if (cues.length === 0) return shareOf([group]);
    const shifts = cues.reduce((sum, cue) => sum + shiftOf(table, cue), 0);
    const chance = 1 / (1 + Math.exp(-logOdds(shareOf([group])) - WEIGHT * shifts));
    // A credit alone says more: "by" and the end of a text say the same, but half of it.
    const credit = excluded === "credit" && table.cues.credit;
    return credit ? Math.min(chance, shareOf([credit])) : chance;
  });
}

/** What the log odds of a type's names change by with a cue; its share is smoothed with `STRENGTH` ordinary names. */
function shiftOf({ groups, cues }: TypeTable, cue: Cue): number {
  const counted = cues[cue];
  if (!counted) return 0;
  const share = shareOf(Object.values(groups));
  const [visible, all] = counted;
  return logOdds((visible + STRENGTH * share) / (all + STRENGTH)) - logOdds(share);
}

function logOdds(probability: number): number {
  return Math.log(probability / (1 - probability));
}

/**
 * The group of names that each is counted in. For a PER: its place among the post's PER names (3 also stands for later
 * ones), and whether it is the only one. For any other type: whether the post has a PER name.
 */
export function groupsOf(entities: readonly TypedEntity[]): string[] {
  const people = entities.filter(({ type }) => type === "PER").length;
  let place = 0;
  return entities.map(({ type }) => {
    if (type !== "PER") return people > 0 ? "beside PER" : "no PER";
    place++;
    return people === 1 ? "1 of 1" : `${Math.min(place, 3)} of more`;
  });
}

function shareOf(counts: readonly Counted[]): number {
  const visible = counts.reduce((sum, [seen]) => sum + seen, 0);
  const all = counts.reduce((sum, [, of]) => sum + of, 0);
  return all > 0 ? visible / all : 0;
}

function isEntityType(type: string | undefined): type is EntityType {
  return ENTITY_TYPES.some((each) => each === type);
}
