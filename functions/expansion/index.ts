import { gmnerTypeOf } from "../../schemas/labels.ts";
import type { StageFunction } from "../stage-function.ts";
import { weightsEntry } from "../weights.ts";
import { LEXICON, loadLexicon } from "./lexicon.ts";
import { expand } from "./template.ts";

/**
 * One referring expression per entity, from templates and a lexicon. No language model runs here, and `method` says so:
 * it is `template`.
 */
export async function loadExpansion(): Promise<StageFunction<"expansion">> {
  const lexicon = await loadLexicon();
  const { method: model, version } = weightsEntry(LEXICON);
  return {
    name: "expansion",
    model,
    version,
    run: async ({ text, entities }) => {
      const expressions = entities.map(({ id, text: name, type }) => {
        return { id, text: expand(text, name, gmnerTypeOf(type), lexicon), method: "template" as const };
      });
      return { model, version, expressions };
    },
  };
}
