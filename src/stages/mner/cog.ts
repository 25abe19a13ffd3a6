import { cogAdapter } from "../adapters/cog.ts";

/**
 * Asked with the stage's own input; answers with its own output. A container with other types than GMNER's four has a
 * file of its own.
 */
export const cog = cogAdapter("mner", "1", { covers: (labels) => labels === "gmner" });
