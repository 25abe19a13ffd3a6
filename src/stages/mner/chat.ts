import * as z from "zod/mini";
import { type Labels, typesOf } from "../../../schemas/labels.ts";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import type { ResultOf, StageInput } from "../model.ts";
import { askJson } from "../replies/ask-json.ts";
import { locateNames } from "./locate-names.ts";
import { build, version } from "./prompts/mentions.ts";
import { typeNamed } from "./tags.ts";

const replySchema = (type: z.ZodMiniType<string>) =>
  z.object({ entities: z.array(z.object({ text: z.string(), type })) });
/** A type outside the label set drops its entity, not the whole reply. */
const Accepted = replySchema(z.string());
const GMNER = replySchema(z.literal([...typesOf("gmner")]));
const FINE = replySchema(z.literal([...typesOf("fine")]));

function schemaFor(labels: Labels): typeof Accepted {
  if (typeof labels === "string") return labels === "fine" ? FINE : GMNER;
  return replySchema(z.literal(labels));
}

/**
 * Room for reasoning, and for a reply about a text of nothing but names: some 20 tokens a name of 10 characters. No
 * more, because hosts reject a request whose prompt and limit together exceed the model's context.
 */
function maximumTokens(text: string): number {
  return Math.min(4_096, 1_024 + 2 * text.length);
}

async function find(
  { text, tokens, knowledge, labels, image }: StageInput<"mner">,
  talk: Talk,
): Promise<ResultOf<"mner">> {
  const words = tokens?.join(" ") ?? text ?? "";
  const { entities } = await askJson(
    {
      messages: build({ text: words, knowledge, labels, image }),
      name: "named_entities",
      schema: schemaFor(labels),
      accept: Accepted,
      maximumTokens: maximumTokens(words),
    },
    talk,
  );
  const listed = entities.flatMap((entity) => {
    const type = typeNamed(entity.type, labels);
    return type === null ? [] : { text: entity.text, type };
  });
  // A chat model gives no probability, and its own positions are unreliable.
  return {
    mentions: locateNames(words, listed, tokens ?? null).map((name) => ({ ...name, score: null })),
    problems: [],
  };
}

/** Any chat model, by text and picture; `@text` for one that takes no picture. */
export const chat = chatAdapter({
  stage: "mner",
  promptVersion: version,
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any chat model: one question a post, its reply held to a JSON schema",
    returns: "names with types of any label set; their positions in the text are found here",
    cannot: "give a probability; with @text behind its name, a model that takes no pictures is sent none",
    picture: "link",
  },
  abilities: { usesPicture: true },
  variants: {
    // The input has a picture when another model of the chain uses one.
    text: { abilities: {}, ask: ({ image: _, ...words }, talk) => find(words, talk) },
  },
  ask: find,
});
