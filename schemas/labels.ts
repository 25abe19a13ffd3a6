import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";
import { ENTITY_TYPES, type EntityType, TypeName, VISIBLE } from "./primitives.ts";

/** The 8 coarse types of Twitter-FMNERG with their 51 fine types (Wang et al., ACM MM 2023). */
export const FINE_TYPES = {
  person: [
    ...[
      "politician",
      "musician",
      "actor",
      "artist",
      "athlete",
      "author",
      "businessman",
      "character",
      "coach",
      "director",
      "intellectual",
    ],
    ...["journalist", "person_other"],
  ],
  location: ["city", "country", "state", "continent", "location_other", "park", "road"],
  building: ["building_other", "cultural_place", "entertainment_place", "sports_facility"],
  organization: [
    ...[
      "company",
      "educational_institution",
      "band",
      "government_agency",
      "news_agency",
      "organization_other",
      "political_party",
    ],
    ...["social_organization", "sports_league", "sports_team"],
  ],
  art: ["art_other", "film_and_television_works", "magazine", "music", "written_work"],
  event: ["event_other", "festival", "sports_event"],
  product: ["brand_name_products", "game", "product_other", "software"],
  other: ["animal", "award", "medical_thing", "website", "ordinance"],
} as const satisfies Record<string, readonly string[]>;
export type CoarseType = keyof typeof FINE_TYPES;

/**
 * The types of mentions: `gmner` for the four of Twitter-GMNER, `fine` for the 51 of Twitter-FMNERG, or a list of the
 * caller's own.
 */
export const Labels = z.union([
  z.enum(["gmner", "fine"]),
  z.array(TypeName.check(z.regex(VISIBLE))).check(z.minLength(1), z.maxLength(LIMITS.labels)),
]);
export type Labels = z.infer<typeof Labels>;

/** The names of a label set's types. */
export function typesOf(labels: Labels): readonly string[] {
  if (labels === "gmner") return ENTITY_TYPES;
  return labels === "fine" ? Object.values(FINE_TYPES).flat() : labels;
}

/** A label set's name for messages. It does not repeat the caller's own type names. */
export function labelsName(labels: Labels): string {
  return typeof labels === "string" ? `"${labels}"` : `a list of ${labels.length} names`;
}

const COARSE_OF_FINE = new Map<string, CoarseType>(
  Object.entries(FINE_TYPES).flatMap(([coarse, fine]) => fine.map((type) => [type, coarse as CoarseType] as const)),
);

/** The coarse type of a fine type of Twitter-FMNERG; null for any other name. */
export function coarseTypeOf(type: string): CoarseType | null {
  return COARSE_OF_FINE.get(type) ?? null;
}

const GMNER_OF_COARSE: Readonly<Record<CoarseType, EntityType>> = {
  person: "PER",
  location: "LOC",
  building: "LOC",
  organization: "ORG",
  art: "OTHER",
  event: "OTHER",
  product: "OTHER",
  other: "OTHER",
};

/**
 * The type of Twitter-GMNER that a type of any label set belongs to. A fine type of FMNERG maps by its coarse type;
 * names such as "person" and "location" map by themselves; any other name is OTHER.
 */
export function gmnerTypeOf(type: string): EntityType {
  const exact = ENTITY_TYPES.find((known) => known === type);
  if (exact) return exact;
  const name = type.toLowerCase();
  const coarse = coarseTypeOf(name) ?? (Object.hasOwn(GMNER_OF_COARSE, name) ? (name as CoarseType) : null);
  return coarse ? GMNER_OF_COARSE[coarse] : (ENTITY_TYPES.find((known) => known.toLowerCase() === name) ?? "OTHER");
}
