import { type Labels, typesOf } from "../../../schemas/labels.ts";
import type { EntityType } from "../../../schemas/primitives.ts";

/**
 * Tags of GMNER's types in CoNLL, OntoNotes, WNUT, TweetNER7 and Few-NERD, and in words. Tags of dates and amounts are
 * left out.
 */
const TAGS: Readonly<Record<EntityType, readonly string[]>> = {
  PER: ["per", "person", "people"],
  LOC: ["loc", "location", "gpe", "geo_loc", "place", "fac", "facility", "building"],
  ORG: ["org", "organization", "organisation", "corporation", "company", "group"],
  OTHER: ["other", "misc", "miscellaneous", "product", "prod", "event", "creative_work", "work_of_art", "art", "work"],
};

const TYPES = new Map(
  Object.entries(TAGS).flatMap(([type, tags]) => tags.map((tag) => [tag, type as EntityType] as const)),
);

/** GMNER's type for a tagger's tag, with or without its `B-`; null for other tags. */
export function gmnerTypeOfTag(tag: string): EntityType | null {
  const name = normalise(tag.replace(/^[BIESLU]-/, ""));
  // Few-NERD's tags have a coarse and a fine part: "organization-company".
  return TYPES.get(name) ?? TYPES.get(name.split("_")[0] ?? "") ?? null;
}

/** The type of a label set that a model's word stands for; null where it stands for none. */
export function typeNamed(word: string, labels: Labels): string | null {
  const types = typesOf(labels);
  const exact = types.find((type) => type === word) ?? types.find((type) => normalise(type) === normalise(word));
  return exact ?? (labels === "gmner" ? gmnerTypeOfTag(word) : null);
}

function normalise(word: string): string {
  return word
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
}
