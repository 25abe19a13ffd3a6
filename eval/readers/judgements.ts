import * as z from "zod/mini";
import { Score } from "../../schemas/primitives.ts";
import { StageRecord } from "../../schemas/recognize.ts";
import { checked } from "./checked.ts";
import { allObjects } from "./recognize-json.ts";
import { readText } from "./text-file.ts";

/** The part of an answer that says how visibility was decided. */
const JudgedAnswer = z.object({
  entities: z.array(
    z.object({
      mentions: z.array(z.unknown()),
      visibility: z.object({
        score: z.nullable(Score),
        method: z.nullable(z.string()),
        calibrated: z.boolean(),
      }),
    }),
  ),
  stages: z.array(z.pick(StageRecord, { stage: true, model: true, version: true, provider: true })),
});
/** A result of a batch. */
const Result = z.object({ answer: z.nullable(JudgedAnswer) });

export type Visibility = z.infer<typeof JudgedAnswer>["entities"][number]["visibility"];

/** How the visibility of a post's entities was decided. */
export interface JudgedPost {
  /** For each mention, in the order of the answer's entities: the number of its entity, and how that was judged. */
  readonly mentions: ReadonlyArray<{ readonly entity: number; readonly visibility: Visibility }>;
  /** The models of the entailment stage that answered, each as `provider/model version`. */
  readonly models: readonly string[];
}

/**
 * Reads how entities were judged: of answers of `POST /v1/recognize`, or results of a batch, one post a line. Throws,
 * with the file's name and the number of the answer, when one is no such answer.
 */
export async function readJudgements(file: string): Promise<JudgedPost[]> {
  try {
    return allObjects(await readText(file)).map((value, index) => {
      const place = `answer ${index + 1} is none of the API's: `;
      return judgedPost(
        "answer" in value
          ? checked(Result, value, "the result", place).answer
          : checked(JudgedAnswer, value, "the answer", place),
      );
    });
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function judgedPost(answer: z.infer<typeof JudgedAnswer> | null): JudgedPost {
  const { entities, stages } = answer ?? { entities: [], stages: [] };
  // A model that never answered has no version, and its entry in place of its name.
  const models = stages.filter(({ stage, version }) => stage === "entailment" && version !== null);
  return {
    mentions: entities.flatMap(({ mentions, visibility }, entity) => mentions.map(() => ({ entity, visibility }))),
    models: models.map(({ provider, model, version }) => `${provider}/${model} ${version}`),
  };
}
