/**
 * Gate: `schemas/openapi.json` only adds to the document of the last release, so that no client of it breaks. The last
 * release is the latest tag among the ancestors of HEAD.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { readOptions } from "./arguments.ts";
import { breakingChanges } from "./contract/compare.ts";
import type { Json } from "./contract/finding.ts";

const DOCUMENT = "schemas/openapi.json";
const USAGE = `
npm run check:contract: fails when ${DOCUMENT} breaks clients of the last tag's document. One line a finding: where it
is in that document, and what changed.

  --base REF|FILE  compare with the document of another commit, or with this file
`;

const { base } = readOptions(USAGE, { base: { type: "string" } });
process.exitCode = check(base);

function check(given: string | undefined): number {
  let against: string | undefined;
  let before: Json;
  try {
    against = given ?? lastTag();
    if (against === undefined) {
      console.log("no tag: nothing has been released, so nothing is compared");
      return 0;
    }
    const isFile = existsSync(against);
    before = JSON.parse(isFile ? readFileSync(against, "utf8") : git("cat-file", "blob", `${against}:${DOCUMENT}`));
  } catch (error) {
    console.error(`the earlier document cannot be read: ${error instanceof Error ? error.message.trim() : error}`);
    return 1;
  }
  const findings = breakingChanges(before, JSON.parse(readFileSync(DOCUMENT, "utf8")));
  for (const { pointer, sentence } of findings) console.error(`${pointer}: ${sentence}`);
  console.log(`compared with ${against}: ${findings.length} findings`);
  return findings.length > 0 ? 1 : 0;
}

function lastTag(): string | undefined {
  return git("tag", "--merged", "HEAD", "--sort=-creatordate").split("\n").at(0) || undefined;
}

/** What git prints. A working tree of another user is read as well: nothing of its configuration is run. */
function git(...arguments_: string[]): string {
  const trusted = ["-c", `safe.directory=${resolve(".")}`];
  return execFileSync("git", [...trusted, ...arguments_], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
