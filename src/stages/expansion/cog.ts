import { cogAdapter } from "../adapters/cog.ts";

/** Asked with the stage's own input; answers with its own output. */
export const cog = cogAdapter("expansion", "1");
