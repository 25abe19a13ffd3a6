import type { EntityType } from "../../schemas/primitives.ts";

/** Maximum characters of a gloss. */
const GLOSS_LENGTH = 120;

/** WordNet's lexicographer files (lexnames.5wn) as entity types; every other file is OTHER alone. */
const TYPES: Readonly<Record<string, readonly EntityType[]>> = {
  "06": ["LOC", "OTHER"], // artifact: a bridge is a place, a ship is not
  "14": ["ORG"],
  "15": ["LOC"],
  "17": ["LOC"], // object: rivers, mountains
  "18": ["PER"],
};
/** Files whose common nouns say what a name is: animals and people; artifacts, food, places and natural objects. */
const LIVING = new Set(["05", "18"]);
const THINGS = new Set(["06", "13", "15", "17"]);

interface Synset {
  readonly file: string;
  readonly words: readonly string[];
  readonly instance: boolean;
  readonly gloss: string;
}

/**
 * A line of data.noun: `offset file type count(hex) word id … pointers … | gloss` (wndb.5wn). Pointer `@i`: an instance
 * of.
 */
function readSynset(line: string): [string, Synset] {
  const [fields = "", gloss = ""] = line.split(" | ");
  const [offset = "", file = "", , count = "0", ...rest] = fields.split(" ");
  const words = Array.from({ length: Number.parseInt(count, 16) }, (_, index) =>
    (rest[index * 2] ?? "").replaceAll("_", " "),
  );
  return [offset, { file, words, instance: fields.includes(" @i "), gloss }];
}

/** The first part of a gloss, without examples and dates. */
function shorten(gloss: string): string {
  const first = gloss.replace(/\s*\([^()]*\)/g, "").split(/[;:"]/, 1)[0] ?? "";
  return first.trim().length <= GLOSS_LENGTH
    ? first.trim()
    : first
        .trim()
        .slice(0, GLOSS_LENGTH)
        .replace(/\s+\S*$/, "");
}

/** Whether a word names one thing: a single word ("Grant", "Daniel") is the name of too many people. */
function namesOne(word: string, { file }: Synset): boolean {
  return file !== "18" || word.includes(" ");
}

/**
 * The lexicon as JSON: WordNet's licence, its common nouns for living things and for other things, and the glosses of
 * its named instances by entity type.
 *
 * @param data lines of WordNet's data.noun (wndb.5wn)
 * @param index lines of its index.noun
 */
export function reduceWordNet(data: readonly string[], index: readonly string[]): string {
  const header = data.filter((line) => line.startsWith("  "));
  const synsets = new Map(data.filter((line) => /^\d/.test(line)).map(readSynset));
  const glosses: Record<string, Partial<Record<EntityType, string>>> = {};
  const living: string[] = [];
  const things: string[] = [];
  // A line of index.noun has a lemma's senses, the most frequent first:
  // `lemma n senses pointers symbol… senses tagged offset…`.
  for (const line of index.filter((entry) => /^\S/.test(entry))) {
    const fields = line.trim().split(" ");
    const lemma = (fields[0] ?? "").replaceAll("_", " ");
    const senses = fields.slice(6 + Number(fields[3])).flatMap((offset) => synsets.get(offset) ?? []);
    const [first] = senses;
    if (first && !first.instance && /^[a-z]{3,}$/.test(lemma) && first.words.includes(lemma)) {
      if (LIVING.has(first.file)) living.push(lemma);
      if (THINGS.has(first.file)) things.push(lemma);
    }
    for (const sense of senses) {
      const word = sense.words.find((candidate) => candidate.toLowerCase() === lemma);
      const gloss = shorten(sense.gloss);
      if (!sense.instance || !gloss || !word || word === lemma || word.length < 3 || !namesOne(word, sense)) continue;
      for (const type of TYPES[sense.file] ?? ["OTHER"]) {
        glosses[lemma] = { [type]: gloss, ...glosses[lemma] };
      }
    }
  }
  const licence = header.map((line) => line.replace(/^ +\d+ /, "").trim()).join("\n");
  const entries = Object.entries(glosses).map(([name, gloss]) => `${JSON.stringify(name)}:${JSON.stringify(gloss)}`);
  return `{"licence":${JSON.stringify(licence.trim())},\n"living":${JSON.stringify(living.join(" "))},\n"things":${JSON.stringify(things.join(" "))},\n"glosses":{\n${entries.join(",\n")}\n}}\n`;
}
