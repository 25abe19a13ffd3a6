import type { EntityType } from "../../schemas/primitives.ts";
import { readWeights } from "../weights.ts";

/** The manifest's name of the lexicon. */
export const LEXICON = "lexicon.json";

/** What WordNet knows: glosses of named instances, and which common nouns mean a living being or a thing. */
export interface Lexicon {
  /**
   * What a name of this type is ("a suspension bridge across the Golden Gate"), or null. A gloss of another type's
   * sense is never given.
   */
  gloss(name: string, type: EntityType): string | null;
  /** Whether a lower-case singular noun most often means a person or an animal, or a thing; null for other words. */
  kind(noun: string): "living" | "thing" | null;
}

/** The lexicon's file, made by scripts/build-lexicon.ts. */
export interface LexiconFile {
  /** Nouns apart by spaces. */
  readonly living: string;
  readonly things: string;
  /** By lower-case name. */
  readonly glosses: Readonly<Record<string, Partial<Readonly<Record<EntityType, string>>>>>;
}

/** Throws when the file is not what its manifest says. */
export async function loadLexicon(): Promise<Lexicon> {
  return createLexicon(JSON.parse((await readWeights(LEXICON)).toString("utf8")) as LexiconFile);
}

export function createLexicon(file: LexiconFile): Lexicon {
  const living = new Set(file.living.split(" "));
  const things = new Set(file.things.split(" "));
  const glosses = new Map(Object.entries(file.glosses));
  return {
    gloss: (name, type) => glosses.get(name.normalize("NFKC").toLowerCase())?.[type] ?? null,
    kind: (noun) => (living.has(noun) ? "living" : things.has(noun) ? "thing" : null),
  };
}
