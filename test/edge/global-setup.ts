import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

/** Gives the tests of a run a folder in which they share what they built; it is removed at the end of the run. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "namesight-run-"));
  project.provide("built", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
