import { LIMITS } from "../../schemas/limits.ts";
import { KnowledgeExample } from "../../schemas/stages/knowledge.ts";
import { createProviderFetch, type ProviderFetch } from "../../src/net/provider-fetch.ts";
import { readAddress } from "../../src/stages/address.ts";
import { createModel } from "../../src/stages/index.ts";
import { StageError, type StageModel } from "../../src/stages/model.ts";

/** Time that one call of the embedding model may take, in milliseconds. */
const CALL_MS = 60_000;

/** The examples of a file, and a sentence for each line that is none. */
export function readExamples(text: string): { examples: KnowledgeExample[]; faults: string[] } {
  const examples: KnowledgeExample[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const read = readLine(line);
    if ("fault" in read) faults.push(`line ${index + 1}: ${read.fault}`);
    else examples.push(read.example);
  }
  if (examples.length + faults.length === 0) faults.push("there is no example in it");
  if (examples.length > LIMITS.poolExamples) {
    faults.push(`${examples.length} examples are more than the ${LIMITS.poolExamples} that a pool may have`);
  }
  return { examples, faults };
}

function readLine(line: string): { example: KnowledgeExample } | { fault: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { fault: "is not JSON" };
  }
  const { data, error } = KnowledgeExample.safeParse(value);
  if (data) return { example: data };
  const [issue] = error.issues;
  const field = issue?.path.join(".");
  return { fault: `${field ? `${field}: ` : ""}${issue?.message ?? "is no example"}` };
}

/** The first model of EMBEDDING. Throws an `Error` that says what is wrong with it. */
export function embeddingModel(
  variables: Readonly<Record<string, unknown>>,
  send?: ProviderFetch,
): StageModel<"embedding"> {
  const entry = String(variables.EMBEDDING ?? "")
    .split(",")[0]
    ?.trim();
  if (!entry) throw new Error("EMBEDDING is not set: it names the model that makes the vectors");
  if (entry.startsWith("workers-ai/")) {
    throw new Error(
      `${entry} is only reached from a Worker: name the same model through the account's OpenAI-compatible endpoint, as EMBEDDING=openai:cloudflare/${entry.slice("workers-ai/".length)} (docs/deploy.md, "Knowledge")`,
    );
  }
  const variable = (name: string) => (typeof variables[name] === "string" ? (variables[name] as string) : "");
  try {
    const address = readAddress(entry, variable);
    const fetch = createProviderFetch(new Set(address.endpoint ? [address.endpoint.origin] : []), send);
    const noFile = () => Promise.reject(new Error("an embedding has no file"));
    const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
    return createModel("embedding", address, { fetch, clock: Date.now, sleep, chance: Math.random, download: noFile });
  } catch (error) {
    throw new Error(`EMBEDDING "${entry}": ${(error as Error).message}`);
  }
}

/**
 * The pool as it lies in R2 (`src/storage/example-pool.ts`): a line with the model's name, then a line for each example
 * with its text's vector. Throws an `Error` when the model does not answer.
 */
export async function embedPool(
  examples: readonly KnowledgeExample[],
  model: Pick<StageModel<"embedding">, "entry" | "run">,
): Promise<{ pool: string; model: string }> {
  const lines: string[] = [];
  let name = "";
  for (let first = 0; first < examples.length; first += LIMITS.embeddingTexts) {
    const some = examples.slice(first, first + LIMITS.embeddingTexts);
    const attempt = { signal: AbortSignal.timeout(CALL_MS), deadline: Date.now() + CALL_MS, later: () => undefined };
    const input = { texts: some.map(({ text }) => text), picture: null };
    const output = await model.run(input, attempt).catch((error: unknown) => {
      throw error instanceof StageError ? new Error(`${model.entry} ${error.detail}`) : error;
    });
    name = output.model;
    lines.push(
      ...some.map((example, index) => JSON.stringify({ ...example, vector: toBase64(output.vectors[index] ?? []) })),
    );
  }
  const pool = `${[JSON.stringify({ model: name }), ...lines].join("\n")}\n`;
  if (pool.length > LIMITS.poolBytes) throw new Error(`the pool has more than ${LIMITS.poolBytes} bytes`);
  return { pool, model: name };
}

/** Numbers as base64 of 32-bit floats, least significant byte first. */
function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(4 * vector.length);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, 4 * index);
  return bytes.toString("base64");
}
