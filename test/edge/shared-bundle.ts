import { existsSync, mkdtempSync, renameSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { buildBundle } from "../../scripts/bundle.ts";

/** The folder of the Worker's bundle as it would be deployed: the first test that needs it builds it for the run. */
export function sharedBundle(): string {
  const folder = inject("built");
  const bundle = join(folder, "bundle");
  if (!existsSync(bundle)) {
    const own = mkdtempSync(join(folder, "building-"));
    buildBundle(own);
    try {
      renameSync(own, bundle);
    } catch (error) {
      // Another test's process built it meanwhile.
      if (!existsSync(bundle)) throw error;
    }
  }
  return bundle;
}
