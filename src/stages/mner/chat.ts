import * as z from "zod/mini";
import { type Labels, typesOf } from "../../../schemas/labels.ts";
import { chatAdapter, type Talk } from "../adapters/chat.ts";
import type { ResultOf } from "../adapters/replicate.ts";
import type { StageInput } from "../model.ts";
import { askJson } from "../replies/ask-json.ts";
import { locateNames } from "./locate-names.ts";
import { build, version } from "./prompts/mentions.ts";
import { typeNamed } from "./tags.ts";

const asked = (type: z.ZodMiniType<string>) => z.object({ entities: z.array(z.object({ text: z.string(), type })) });
/** A type outside the label set costs its entity, not the reply. */
const Accepted = asked(z.string());
const GMNER = asked(z.literal([...typesOf("gmner")]));
const FINE = asked(z.literal([...typesOf("fine")]));

function schemaFor(labels: Labels): typeof Accepted {
  if (typeof labels === "string") return labels === "fine" ? FINE : GMNER;
  return asked(z.literal(labels));
}

/**
 * Room for a model that thinks aloud, and for a reply about a text of names alone: some twenty tokens a name, which is
 * ten characters long and has a space behind it. So much and no more, because hosts add it to the prompt and hold both
 * to the model's context.
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
  // It tells no probability of what it lists, and where that stands it does not know: hosted-apis section 5.6.
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
    returns: "names with types of any label set; where they stand in the text is found here",
    cannot: "say how sure it is; @text behind the model's name keeps the picture from one that takes none",
    picture: "link",
  },
  more: { looks: true },
  variants: {
    // Another model of the chain may look at the picture, and the question is one for all.
    text: { more: {}, ask: ({ image: _, ...words }, talk) => find(words, talk) },
  },
  ask: find,
});
