import * as z from "zod/mini";
import { type Labels, typesOf } from "../../../schemas/labels.ts";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import { nounPhrase } from "../adapters/noun-phrase.ts";
import type { ResultOf, StageInput } from "../model.ts";
import { askJson } from "../replies/ask-json.ts";
import { type ListedName, locateNames } from "./locate-names.ts";
import * as mentions from "./prompts/mentions.ts";
import * as phrases from "./prompts/mentions-with-phrases.ts";
import { typeNamed } from "./tags.ts";

interface Reply {
  readonly entities: ReadonlyArray<{ text: string; type: string; expression?: string | null | undefined }>;
}

/** What is asked about each name. */
interface Form {
  readonly build: typeof mentions.build;
  readonly gmner: z.ZodMiniType<Reply>;
  readonly fine: z.ZodMiniType<Reply>;
  /** The schema for a caller's own types. */
  readonly own: (types: readonly string[]) => z.ZodMiniType<Reply>;
  /** What is accepted of a reply. An entity whose type is not in the label set is dropped; the others stay. */
  readonly accept: z.ZodMiniType<Reply>;
  /** Tokens of a reply for each character of a text of nothing but names. */
  readonly tokensPerCharacter: number;
}

function formOf(
  question: Pick<Form, "build" | "tokensPerCharacter" | "accept">,
  schema: (type: z.ZodMiniType<string>) => z.ZodMiniType<Reply>,
): Form {
  const own = (types: readonly string[]) => schema(z.literal([...types]));
  return { ...question, own, gmner: own(typesOf("gmner")), fine: own(typesOf("fine")) };
}

const named = (type: z.ZodMiniType<string>) => z.object({ entities: z.array(z.object({ text: z.string(), type })) });

/** Some 20 tokens a name of 10 characters. */
const NAMES = formOf({ build: mentions.build, tokensPerCharacter: 2, accept: named(z.string()) }, named);

/** Some 20 tokens more for each phrase. A name whose phrase is missing is accepted without one. */
const NAMES_WITH_PHRASES = formOf(
  {
    build: phrases.build,
    tokensPerCharacter: 4,
    accept: z.object({
      entities: z.array(
        z.object({ text: z.string(), type: z.string(), expression: z.optional(z.nullable(z.string())) }),
      ),
    }),
  },
  (type) => z.object({ entities: z.array(z.object({ text: z.string(), type, expression: z.string() })) }),
);

function schemaFor({ gmner, fine, own }: Form, labels: Labels): z.ZodMiniType<Reply> {
  if (typeof labels === "string") return labels === "fine" ? fine : gmner;
  return own(labels);
}

/**
 * Room for reasoning and for the reply. No more, because hosts reject a request whose prompt and limit together exceed
 * the model's context.
 */
function maximumTokens(text: string, { tokensPerCharacter }: Form): number {
  return Math.min(4_096, 1_024 + tokensPerCharacter * text.length);
}

const find =
  (form: Form) =>
  async ({ text, tokens, knowledge, labels, image }: StageInput<"mner">, talk: Talk): Promise<ResultOf<"mner">> => {
    const words = tokens?.join(" ") ?? text ?? "";
    const { entities } = await askJson(
      {
        messages: form.build({ text: words, knowledge, labels, image }),
        name: "named_entities",
        schema: schemaFor(form, labels),
        accept: form.accept,
        maximumTokens: maximumTokens(words, form),
      },
      talk,
    );
    const listed = entities.flatMap((entity): ListedName[] => {
      const type = typeNamed(entity.type, labels);
      const phrase = nounPhrase(entity.expression ?? "");
      if (type === null) return [];
      return [{ text: entity.text, type, ...(phrase !== null && { expression: { text: phrase, method: "llm" } }) }];
    });
    // A chat model gives no probability, and its own positions are unreliable.
    return {
      mentions: locateNames(words, listed, tokens ?? null).map((name) => ({ ...name, score: null })),
      problems: [],
    };
  };

const findNames = find(NAMES);
const findWithPhrases = find(NAMES_WITH_PHRASES);

/**
 * Any chat model. It gets the text and the picture; with `@text` the text alone. With `@phrases` it also writes a
 * phrase for each name, so that the expansion stage need not be asked.
 */
export const chat = chatAdapter({
  stage: "mner",
  promptVersion: mentions.version,
  batch: Number.POSITIVE_INFINITY,
  card: {
    title:
      "any chat model: one question a post, its reply held to a JSON schema; with @phrases or @text-phrases behind the model's name it also writes the noun phrase of each name, and expansion is asked only for names without one",
    returns: "names with types of any label set; their positions in the text are found here",
    cannot:
      "give a probability; with @text or @text-phrases behind its name, a model that takes no pictures is sent none",
    picture: "link",
  },
  abilities: { usesPicture: true },
  variants: {
    // The input has a picture when another model of the chain uses one.
    text: { abilities: {}, ask: ({ image: _, ...words }, talk) => findNames(words, talk) },
    phrases: {
      promptVersion: phrases.version,
      abilities: { usesPicture: true, expresses: true },
      ask: findWithPhrases,
    },
    "text-phrases": {
      promptVersion: phrases.version,
      abilities: { expresses: true },
      ask: ({ image: _, ...words }, talk) => findWithPhrases(words, talk),
    },
  },
  ask: findNames,
});
