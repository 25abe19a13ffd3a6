import { FAULTS, type ScriptedCog } from "../support/scripted-cog.ts";
import { COLLINS, scriptedPost } from "./harness.ts";

/** Models that mostly answer, and sometimes fail in a way that the protocol or the network allows. */
export function unsteady(choice: number): ScriptedCog {
  const ran = { model: "scripted", version: "7" };
  const cog = scriptedPost()
    .on("entailment", ({ input }) => ({
      ...ran,
      judgements: (input.entities as { id: string }[]).map(({ id }, index) => ({
        id,
        visible: [true, null, false][(choice + index) % 3],
        score: index % 2 === 0 ? 0.5 : null,
        method: "scripted",
        calibrated: false,
      })),
    }))
    .on("grounding", ({ input }) => ({
      ...ran,
      groundings: (input.entities as { id: string }[]).map(({ id }) => ({
        id,
        regions: [{ box: COLLINS, score: (choice % 10) / 10, method: "scripted" }],
      })),
    }));
  const stages = ["picture", "mner", "expansion", "entailment", "grounding", "segmentation"];
  const faults = Object.values(FAULTS);
  if (choice % 4 === 0) cog.on(stages[choice % stages.length] ?? "", faults[choice % faults.length] ?? (() => null));
  return cog;
}
