import type { StageEntity } from "../../schemas/primitives.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import { viewOf } from "../pipeline/picture/upright.ts";
import { given, type Session } from "../routes/session.ts";
import type { PictureRef } from "../stages/picture-ref.ts";

/**
 * The picture of a request that must have one, and how models see it. Throws a `ProblemError` where there is none, or
 * no model can see it.
 */
export async function seen(
  picture: Picture | null,
  { host, stages }: Session,
): Promise<{ picture: Picture; view: PictureRef }> {
  if (!picture) {
    throw new ProblemError("invalid_request", "/image is required.", {
      errors: [{ pointer: "/image", detail: "is required" }],
    });
  }
  return { picture, view: given(await viewOf(picture, host, stages), "picture", stages) };
}

/** What an answer says of the picture. */
export function factsOf({ size, sha256 }: Picture): NonNullable<RecognizeAnswer["image"]> {
  return { ...size, sha256 };
}

/** A caller's entity as models are told of it: what was not given is left out. */
export function soughtOf({
  id,
  text,
  type,
  expression,
}: { [Field in keyof StageEntity]: StageEntity[Field] | undefined } & { id: string }): StageEntity {
  return {
    id,
    ...(text === undefined ? {} : { text }),
    ...(type === undefined ? {} : { type }),
    ...(expression === undefined ? {} : { expression }),
  };
}
