import type { Region } from "../../schemas/recognize.ts";

/** The fields of a region that a grounding model found without saying why. */
export const BY_MODEL: Pick<Region, "evidence" | "link"> = {
  evidence: null,
  link: { basis: "model", score: null, alternatives: [] },
};
