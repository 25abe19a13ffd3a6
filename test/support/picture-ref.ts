import type { Size } from "../../schemas/primitives.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import { fromDataUrl } from "../../src/image/data-url.ts";
import type { ModelInput, StageInput } from "../../src/stages/model.ts";
import { type PictureHost, PictureRef } from "../../src/stages/picture-ref.ts";

/** The picture behind a link. */
export const LINKED = { bytes: new Uint8Array([0x89, 0x50, 0x4e, 0x47]), type: "image/png" };

/** A picture from a data URL, which models get as bytes, or from a link, which models that can follow it get. */
export function pictureRefOf(
  source: string,
  size: Size = { width: 1, height: 1 },
  atEnd: PictureHost["atEnd"] = () => undefined,
): PictureRef {
  const inline = fromDataUrl(source);
  const host = { link: async () => (inline ? null : source), atEnd };
  return new PictureRef({ ...(inline ?? LINKED), size, orientation: 1 }, host);
}

/** A stage's input as the contract has it, in the form in which a model is asked. */
export function modelInputOf<Name extends StageName>(
  input: StageInput<Name>,
  atEnd?: PictureHost["atEnd"],
): ModelInput<Name> {
  const { image, size, ...rest } = input as { image?: string; size?: Size };
  return { ...rest, picture: image === undefined ? null : pictureRefOf(image, size, atEnd) } as ModelInput<Name>;
}
