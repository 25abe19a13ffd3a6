import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";
import { Box, Score } from "./primitives.ts";

/** What shows an entity: `object` is the thing itself, `print` its printed name. */
export const EvidenceKind = z.enum(["object", "print"]);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

/**
 * Why a region is taken for the named one:
 * - `printed_name`: the name is printed there.
 * - `stated_position`: the text says where the named one is ("from left to right: …").
 * - `only_candidate`: besides those whose place is stated, the picture shows one thing of the name's kind, and no other
 *   name fits it.
 * - `guess`: several regions fit the name, or several names fit the region.
 * - `model`: a grounding model chose it and does not say why.
 *
 * None of them is the recognition of a face.
 */
export const LinkBasis = z.enum(["printed_name", "stated_position", "only_candidate", "guess", "model"]);
export type LinkBasis = z.infer<typeof LinkBasis>;

/** Why an answer takes a region for the named one, and how sure that is. */
export const Link = z.object({
  basis: LinkBasis,
  /** The chance that the region shows the named one; null when no model computed it. */
  score: z.nullable(Score),
  /** The ids of other regions of this answer that fit the name as well. */
  alternatives: z.array(z.string()),
});
export type Link = z.infer<typeof Link>;

/** A link as a grounding model returns it: the alternatives are boxes in pixels of the picture that was sent. */
export const StageLink = z.object({
  basis: LinkBasis,
  score: z.nullable(Score),
  alternatives: z.array(Box).check(z.maxLength(LIMITS.linkAlternatives)),
});
export type StageLink = z.infer<typeof StageLink>;
