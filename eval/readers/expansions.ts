import * as z from "zod/mini";
import { ReferringExpression } from "../../schemas/recognize.ts";
import { checked } from "./checked.ts";
import { idOfPicture, typeNamed } from "./evaluated-file.ts";
import { readJsonLines } from "./json-lines.ts";
import { ANSWERS, isRequestId } from "./kinds/answers.ts";
import { nameAndType, RIVEG_GOLD, RIVEG_PREDICTIONS } from "./kinds/riveg.ts";
import { allObjects, firstObject } from "./recognize-json.ts";
import { type RecognizedKind, readRecognized } from "./recognized-file.ts";
import { partsOf, recordsOf, type TextRecord } from "./records.ts";

/** What was written about one entity of a post: RiVEG's entity expansion expression. */
export interface Expansion {
  /** The id of the post. */
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly text: string;
  /** `llm` when a language model wrote it, `template` when a rule did. */
  readonly method: z.infer<typeof ReferringExpression>["method"];
}

const Line = z.object({
  id: z.string().check(z.minLength(1)),
  text: z.string(),
  type: z.string().check(z.minLength(1)),
  expansion: z.string(),
  method: z._default(ReferringExpression.shape.method, "llm"),
});

const Answer = z.object({
  id: z.string(),
  entities: z.array(
    z.object({ text: z.string(), type: z.string(), expression: z.optional(z.nullable(ReferringExpression)) }),
  ),
});
type Answer = z.infer<typeof Answer>;
const Result = z.object({ id: z.nullable(z.string()), line: z.int(), answer: z.nullable(Answer) });

/** The kinds of files with expansions; `ids` are those of gold's posts, in their order. */
const kindsFor = (ids: readonly string[]): ReadonlyArray<RecognizedKind<Expansion[]>> => [
  {
    form: 'JSON lines {"id", "text", "type", "expansion"}, with "method": "template" where no language model wrote it',
    recognizes: (text) => "expansion" in (firstObject(text) ?? {}),
    read: (text) =>
      readJsonLines(text, 'not {"id", "text", "type", "expansion"}', (value) => {
        const { id, text: name, type, expansion, method } = checked(Line, value, "the line");
        return { id, name, type, text: expansion, method };
      }),
  },
  {
    form: "answers of the API: results of a batch, or answers of POST /v1/recognize one a line",
    recognizes: (text) => ANSWERS.recognizes(text, { role: "predictions", file: "" }),
    read: (text) => withPostIds(allObjects(text).map(answerOf), ids).flatMap(expansionsOf),
  },
  {
    form: "RiVEG's gold: `ID.jpg###NAME(TYPE)###description###0|2###&[x1, y1, x2, y2]`",
    recognizes: (text) => RIVEG_GOLD.recognizes(text, { role: "gold", file: "" }),
    read: (text) =>
      recordsOf(text).map((record) => {
        const form = "ID.jpg###NAME(TYPE)###description###0|2###&[x1, y1, x2, y2]";
        const pattern = /^(.+?)###(.*?)###([\s\S]*)###[0-9]###&\[[\s\S]*\]$/;
        const [picture = "", label = "", description = ""] = partsOf(record, pattern, form);
        return writtenOf(record, picture, label, description);
      }),
  },
  {
    form: "RiVEG's predictions: `Imageid:ID.jpg#KEY###NAME(TYPE)###NAME(TYPE)-text###0|2`",
    recognizes: (text) => RIVEG_PREDICTIONS.recognizes(text, { role: "predictions", file: "" }),
    read: (text) =>
      recordsOf(text, "Imageid:").map((record) => {
        const form = "Imageid:ID.jpg#KEY###NAME(TYPE)###NAME(TYPE)-text###0|2";
        const pattern = /^Imageid:(.+?)###(.*?)###([\s\S]*)###[0-9]$/;
        const [picture = "", label = "", text = ""] = partsOf(record, pattern, form);
        // Where nothing was written about an entity, the row has its name alone.
        const written = text === label ? "" : text.startsWith(`${label}-`) ? text.slice(label.length + 1) : text;
        return writtenOf(record, picture.replace(/#[^#]*$/, ""), label, written);
      }),
  },
  {
    form: "RiVEG's answers of a language model: `Imageid:ID.jpg###NAME(TYPE)###text`, which may have several lines",
    recognizes: (text) => /^(?:\s*\n)?Imageid:[^\n]+?###[^\n]*?###/.test(text),
    read: (text) =>
      recordsOf(text, "Imageid:").map((record) => {
        const form = "Imageid:ID.jpg###NAME(TYPE)###text";
        const [picture = "", label = "", text = ""] = partsOf(record, /^Imageid:(.+?)###(.*?)###([\s\S]*)$/, form);
        return writtenOf(record, picture, label, text);
      }),
  },
];

/**
 * Reads what was written about the entities of posts. The content decides what kind of file it is. Texts are trimmed,
 * and empty ones left out.
 *
 * @param ids the posts' ids in the order of gold: answers of the API that have the ids of requests are taken in it
 * @throws an error that names the file, and the line where there is one
 */
export async function readExpansions(file: string, ids: readonly string[]): Promise<Expansion[]> {
  const read = await readRecognized(file, kindsFor(ids));
  return read
    .map((one) => ({ ...one, id: idOfPicture(one.id), type: typeNamed(one.type), text: one.text.trim() }))
    .filter(({ text }) => text !== "");
}

function writtenOf({ line }: TextRecord, picture: string, label: string, text: string): Expansion {
  const entity = nameAndType(label);
  if (!entity) throw new Error(`line ${line} has no type in parentheses behind the name: ${JSON.stringify(label)}`);
  return { id: picture, ...entity, text, method: "llm" };
}

/** A result without an answer has no entities. */
function answerOf(value: Record<string, unknown>, index: number): Answer {
  const place = `answer ${index + 1} is none of the API's: `;
  if (!("answer" in value)) return checked(Answer, value, "the answer", place);
  const { id, line, answer } = checked(Result, value, "the result", place);
  return { id: id ?? String(line), entities: answer?.entities ?? [] };
}

function withPostIds(answers: readonly Answer[], ids: readonly string[]): readonly Answer[] {
  if (!answers.every(({ id }) => isRequestId(id))) return answers;
  if (answers.length !== ids.length) {
    const counts = `${answers.length} answers, ${ids.length} posts`;
    throw new Error(`answers with the ids of requests must be as many as gold's posts, in their order (${counts})`);
  }
  return answers.map((answer, index) => ({ ...answer, id: ids[index] ?? answer.id }));
}

function expansionsOf({ id, entities }: Answer): Expansion[] {
  return entities.flatMap(({ text: name, type, expression }) =>
    expression ? [{ id, name, type, ...expression }] : [],
  );
}
