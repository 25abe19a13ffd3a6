import type { EntityType } from "../../schemas/primitives.ts";
import { readWeights } from "../weights.ts";

/** The lexicon's file in the manifest. */
export const LEXICON = "lexicon.json.br";

/** From WordNet: glosses of named instances, and which common nouns mean a living being or a thing. */
export interface Lexicon {
  /**
   * The gloss of a name in the sense of this type ("a suspension bridge across the Golden Gate"); null when there is
   * none.
   */
  gloss(name: string, type: EntityType): string | null;
  /** Whether a lower-case singular noun usually means a living being or a thing; null for other words. */
  kind(noun: string): "living" | "thing" | null;
}

/** The content of the lexicon's file, which scripts/build-lexicon.ts writes. */
export interface LexiconFile {
  /** Nouns, separated by spaces. */
  readonly living: string;
  readonly things: string;
  /** By lower-case name. */
  readonly glosses: Readonly<Record<string, Partial<Readonly<Record<EntityType, string>>>>>;
}

/** Throws when the file differs from its manifest. */
export async function loadLexicon(): Promise<Lexicon> {
  const text = (await readWeights(LEXICON)).toString("utf8");
  return createLexicon(JSON.parse(text) as LexiconFile);
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
