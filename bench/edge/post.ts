import { NAMES } from "../models/answers.ts";

/** A request's body. */
export interface PostBody {
  readonly bytes: Buffer<ArrayBuffer>;
  /** Its media type. */
  readonly type: string;
}

/** A post as bytes of a form, in which each copy can have a text of its own. */
export interface PostTemplate {
  /** With another number in its text, so that no cache knows it. */
  at(number: number): PostBody;
}

const DIGITS = 10;
const PLACE = "#".repeat(DIGITS);

/** A text that names so many people, and a place for a number. */
export function textOf(entities: number, characters = 0): string {
  const text = `${NAMES.slice(0, entities).join(", ")} at the fair ${PLACE}`;
  return text.padEnd(characters, " and a word");
}

/**
 * A template for posts that differ in one number, which stands in their text: a form where there is a picture, JSON
 * where there is none.
 */
export async function postTemplate(
  text: string,
  picture: Buffer | null,
  fields: Readonly<Record<string, string>> = {},
): Promise<PostTemplate> {
  const { body, type } = picture ? await formOf({ text, ...fields }, picture) : jsonOf({ text, ...fields });
  const place = body.indexOf(PLACE);
  return {
    at(number) {
      const bytes = Buffer.from(body);
      bytes.write(String(number).padStart(DIGITS, "0"), place, "latin1");
      return { bytes, type };
    },
  };
}

function jsonOf(fields: object): { body: Buffer; type: string } {
  return { body: Buffer.from(JSON.stringify(fields)), type: "application/json" };
}

async function formOf(fields: Readonly<Record<string, string>>, picture: Buffer) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set("image", new Blob([new Uint8Array(picture)], { type: "image/jpeg" }), "post.jpg");
  const response = new Response(form);
  return { body: Buffer.from(await response.arrayBuffer()), type: response.headers.get("content-type") ?? "" };
}
