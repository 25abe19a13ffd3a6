import type { ChatMessage } from "../../../providers/chat.ts";
import { buildAs, type MentionsQuestion } from "./mentions.ts";

/** Changes with every change of the words below and of those in `mentions.ts`. */
export const version = "mentions-with-phrases-1";

/**
 * The names that a post mentions, each with its type and a noun phrase by which to find it in the picture. The reply is
 * `{"entities": [{"text", "type", "expression"}]}`.
 */
export function build(question: MentionsQuestion): readonly ChatMessage[] {
  return buildAs(question, {
    rule: PHRASES,
    reply: REPLY,
    answer: (text, type) => ({ text, type, expression: EXPRESSIONS[text] ?? "" }),
  });
}

const PHRASES = `For each name, write also one noun phrase by which somebody who has never heard the name would find in the post's picture what it stands for: three to twelve words in English, beginning with "a" or "the". Say what would be seen:
of a person their role, and what they wear, hold or do, as far as the post tells or shows; never guess their looks, and recognise nobody by their face;
of a place what it looks like: the kind of city, building, landscape or venue, and its landmark where it has a famous one;
of an organisation what stands for it in pictures: its logo, its building or shop, its players or staff in their colours;
of anything else the kind of thing: a film's poster, a book's cover, a phone, a trophy, an animal of its species.
Explain the name and do not merely repeat it. No links, no markup, no quotation marks.`;

const REPLY = `Reply with one JSON object and nothing else: {"entities": [{"text": "the name", "type": "its type", "expression": "the phrase"}]}, or {"entities": []} where the text names nothing.`;

/** Of our own making, for the names of the examples in `mentions.ts`. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  "Lena Oberholzer": "the woman who sits on a tram beside an empty seat",
  "Kunsthaus Zürich": "a modern art museum with a wide stone front",
  NordlichtFM: "the logo of a radio station",
  "Paper Harbour": "a film's poster",
  Bergen: "a Norwegian harbour town with coloured wooden houses",
  PaperHarbour: "a film's poster",
};
