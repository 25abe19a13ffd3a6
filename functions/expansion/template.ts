import type { EntityType } from "../../schemas/primitives.ts";
import { nounBeside } from "./apposition.ts";
import type { Lexicon } from "./lexicon.ts";

const BY_TYPE: Readonly<Record<EntityType, (name: string) => string>> = {
  PER: (name) => `a person named ${name}`,
  LOC: (name) => `a place called ${name}`,
  ORG: (name) => `the logo or name of ${name}`,
  OTHER: (name) => name,
};

/**
 * A referring expression without a language model: from the noun beside the name in the post, which wins over the type
 * ("Oscar the cat" tagged PER); else from WordNet's gloss of a name of this type; else from the type alone.
 */
export function expand(words: readonly string[], name: string, type: EntityType, lexicon: Lexicon): string {
  const beside = nounBeside(words, name, type, lexicon);
  if (beside) return beside.form === "apposed" ? `${name}, the ${beside.noun}` : `the ${name} ${beside.noun}`;
  const gloss = lexicon.gloss(name, type);
  return gloss ? `${name}, ${gloss}` : BY_TYPE[type](name);
}
