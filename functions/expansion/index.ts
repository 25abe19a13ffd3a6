import { gmnerTypeOf } from "../../schemas/labels.ts";
import type { ExpansionOutput } from "../../schemas/stages/expansion.ts";
import type { StageFunction } from "../stage-function.ts";
import { weightsEntry } from "../weights.ts";
import { wordsOf } from "./apposition.ts";
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
    run: async ({ text, entities }, { pause }) => {
      const words = wordsOf(text);
      const expressions: ExpansionOutput["expressions"] = [];
      for (const { id, text: name, type } of entities) {
        await pause();
        expressions.push({ id, text: expand(words, name, gmnerTypeOf(type), lexicon), method: "template" });
      }
      return { model, version, expressions };
    },
  };
}
