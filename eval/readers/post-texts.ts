import * as z from "zod/mini";
import { checked } from "./checked.ts";
import { idOfPicture } from "./evaluated-file.ts";
import { readJsonLines } from "./json-lines.ts";
import { type RecognizedKind, readRecognized } from "./recognized-file.ts";
import { partsOf, recordsOf } from "./records.ts";

type PostText = readonly [id: string, text: string];

const Line = z.object({ id: z.string().check(z.minLength(1)), text: z.string() });

const KINDS: ReadonlyArray<RecognizedKind<PostText[]>> = [
  {
    form: 'JSON lines {"id", "text"}',
    recognizes: (text) => text.trimStart().startsWith("{"),
    read: (text) =>
      readJsonLines(text, 'not {"id", "text"}', (value) => {
        const line = checked(Line, value, "the line");
        return [line.id, line.text] as const;
      }),
  },
  {
    form: "RiVEG's captions by mPLUG-Owl: `imgid:ID###paragraph`, which may have several lines",
    recognizes: (text) => /^(?:\s*\n)?imgid:/.test(text),
    read: (text) =>
      recordsOf(text, "imgid:").map((record) => {
        const [id = "", paragraph = ""] = partsOf(record, /^imgid:([^\n]+?)###([\s\S]*)$/, "imgid:ID###paragraph");
        return [id.trim(), paragraph] as const;
      }),
  },
  {
    // RiVEG's own script ends a caption at its first colon; this one keeps all of it.
    form: "RiVEG's captions by BLIP-2: `ID.jpg :caption`",
    recognizes: (text) => /^(?:\s*\n)?[^\n]+?\.(?:jpe?g|png) :/i.test(text),
    read: (text) =>
      recordsOf(text).map((record) => {
        const [id = "", caption = ""] = partsOf(record, /^(.+?\.(?:jpe?g|png)) :([\s\S]*)$/i, "ID.jpg :caption");
        return [id, caption] as const;
      }),
  },
];

/**
 * Reads texts about posts, such as captions or what a language model knows, by the post's id. The content decides what
 * kind of file it is. Texts are trimmed, and empty ones left out. Of an id that occurs twice the last text counts, as
 * in RiVEG's own scripts. Throws an error that names the file, and the line where there is one.
 */
export async function readPostTexts(file: string): Promise<Map<string, string>> {
  const texts = await readRecognized(file, KINDS);
  return new Map(texts.map(([id, text]) => [idOfPicture(id), text.trim()] as const).filter(([, text]) => text !== ""));
}
