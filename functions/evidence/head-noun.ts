import { COCO_NAMES } from "../detect/coco.ts";

/**
 * Common nouns that mean a COCO class, listed by hand. A noun that only sometimes means the class is left out.
 */
const SYNONYMS: Readonly<Record<string, string>> = {
  aeroplane: "airplane",
  aircraft: "airplane",
  automobile: "car",
  bike: "bicycle",
  boy: "person",
  child: "person",
  feline: "cat",
  gentleman: "person",
  girl: "person",
  guy: "person",
  hound: "dog",
  kid: "person",
  kitten: "cat",
  kitty: "cat",
  lady: "person",
  lorry: "truck",
  man: "person",
  motorbike: "motorcycle",
  mug: "cup",
  parrot: "bird",
  plane: "airplane",
  pony: "horse",
  pup: "dog",
  puppy: "dog",
  ship: "boat",
  smartphone: "cell phone",
  sofa: "couch",
  tabby: "cat",
  television: "tv",
  woman: "person",
};
const IRREGULAR: Readonly<Record<string, string>> = { children: "child", men: "man", people: "person", women: "woman" };
const CLASSES = new Set(Object.values(COCO_NAMES));

/**
 * Words that follow a noun phrase's head noun: prepositions, relative pronouns, conjunctions, verbs and participles.
 */
const AFTER_HEAD = new Set(
  `of in on at by with from near for to over under behind beside across against between inside outside around into
  through without who whom whose that which where when and or is are was were has have had named called known wearing
  holding standing sitting looking`.split(/\s+/),
);
const DETERMINER = /^(the|a|an|my|our|his|her|its|their|your|this|that)\s/i;

/**
 * The COCO class that an expression describes, or null. The class must be the head noun of the phrase ("a cat on a
 * sofa") or of the phrase beside the name ("Chelsea, the cat", "my cat Chelsea"). The name's own words do not count,
 * and neither does a noun that the name modifies: "the London bus" does not describe London.
 */
export function headClass(expression: string, name: string | undefined): string | null {
  const words = descriptionOf(expression.trim(), name)
    .toLowerCase()
    .match(/[\p{L}\p{N}'-]+|[,;:.()]/gu);
  if (!words) return null;
  const end = words.findIndex((word, index) => index > 0 && (AFTER_HEAD.has(word) || /^[,;:.()]$/.test(word)));
  const phrase = end < 0 ? words : words.slice(0, end);
  return classOf(phrase.slice(-2).join(" ")) ?? classOf(phrase.at(-1) ?? "");
}

/** The part of the expression that describes what has the name; empty when there is none. */
function descriptionOf(expression: string, name: string | undefined): string {
  const at = name ? expression.toLowerCase().indexOf(name.toLowerCase()) : -1;
  if (!name || at < 0) return expression;
  const textBefore = expression.slice(0, at).trim();
  const textAfter = expression.slice(at + name.length).trim();
  if (textBefore) return textBefore;
  if (textAfter.startsWith(",")) return textAfter.slice(1).trim();
  return DETERMINER.test(textAfter) ? textAfter : "";
}

function classOf(noun: string): string | null {
  for (const form of singular(noun)) {
    const known = SYNONYMS[form] ?? form;
    if (CLASSES.has(known)) return known;
  }
  return null;
}

function singular(noun: string): string[] {
  return [noun, IRREGULAR[noun] ?? noun, noun.replace(/s$/, ""), noun.replace(/es$/, ""), noun.replace(/ies$/, "y")];
}
