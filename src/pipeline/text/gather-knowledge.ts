import { LIMITS } from "../../../schemas/limits.ts";
import type { KnowledgeExample } from "../../../schemas/stages/knowledge.ts";
import { plainParagraph } from "../../stages/caption/paragraph.ts";
import { readCache } from "../cache-call.ts";
import type { Run } from "../run.ts";
import { OWN_EXAMPLES } from "./knowledge-examples.ts";
import { readable } from "./readable.ts";
import { nearest } from "./similar.ts";

/**
 * What a language model knows about a post's names, as a paragraph in plain words for mner to read beside the text;
 * null when no such model is configured, or it does not answer. Never throws.
 *
 * @param getCaption gives a description of the post's picture; called only when a model is asked
 */
export async function gatherKnowledge(
  text: string,
  getCaption: () => Promise<string | null>,
  run: Run,
): Promise<string | null> {
  if (!run.stages.has("knowledge")) return null;
  const plain = readable(text, null).text;
  const [caption, examples] = await Promise.all([getCaption().catch(() => null), similarExamples(plain, run)]);
  const question = { text: plain, ...(caption !== null && { caption }), examples };
  const output = await run.stages.run("knowledge", question);
  return output && plainParagraph(output.knowledge);
}

/**
 * The examples of the pool whose texts are most similar to this one, the most similar first. Our own examples where
 * there is no pool, no embedding model, or none that made the pool's vectors.
 */
async function similarExamples(text: string, run: Run): Promise<KnowledgeExample[]> {
  const { examplePool, log } = run.deployment;
  const own = [...OWN_EXAMPLES];
  if (!run.stages.has("embedding")) return own;
  const pool = await readCache("example_pool", () => examplePool.load(), null, run, { always: true });
  if (!pool || pool.examples.length === 0) return own;
  const output = await run.stages.run("embedding", { texts: [text] });
  const [vector] = output?.vectors ?? [];
  if (!output || !vector) return own;
  if (output.model !== pool.model || vector.length !== pool.examples[0]?.vector.length) {
    log({ event: "example_pool_refused" });
    return own;
  }
  return nearest(vector, pool.examples, LIMITS.knowledgeExamples).map(({ example }) => example);
}
