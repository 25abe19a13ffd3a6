import { LIMITS } from "../../../schemas/limits.ts";
import { turnSize } from "../../../schemas/orientation.ts";
import { problemDocument } from "../../../schemas/problem.ts";
import { fromDataUrl } from "../../image/data-url.ts";
import { stripMetadata } from "../../image/strip.ts";
import { type PictureHost, PictureRef } from "../../stages/picture-ref.ts";
import type { StageRunner } from "../stage-runner.ts";
import type { Picture } from "./read-picture.ts";

/**
 * The caller's picture for models. It goes through the `picture` stage only when it lies on its side or is too large;
 * where no model of that stage answers, it goes out as stored, and `toCaller` and `checkMask` turn what is found in it
 * back. Null once the request is over.
 */
export async function viewOf(picture: Picture, host: PictureHost, stages: StageRunner): Promise<PictureRef | null> {
  const side = Math.max(picture.size.width, picture.size.height);
  if (picture.orientation === 1 && side <= LIMITS.modelSide) return asStored(picture, host, stages);
  const converted = await convert(picture, LIMITS.modelSide, host, stages);
  return converted ?? (stages.signal.aborted ? null : asStored(picture, host, stages));
}

/** The picture upright, as JPEG, its long side at most `side`; null when no model does that. */
export async function convert(
  picture: Picture,
  side: number,
  host: PictureHost,
  stages: StageRunner,
): Promise<PictureRef | null> {
  const output = await stages.run("picture", { max_side: side }, new PictureRef(picture, host));
  const converted = output && fromDataUrl(output.image);
  return (
    converted &&
    new PictureRef({ ...converted, size: { width: output.width, height: output.height }, orientation: 1 }, host)
  );
}

function asStored(picture: Picture, host: PictureHost, stages: StageRunner): PictureRef {
  const { type, size, orientation } = picture;
  if (orientation === 1) return new PictureRef(picture, host);
  const detail = `No model turned the picture upright (EXIF orientation ${orientation}): models saw it as stored, and what they found was turned.`;
  stages.notes.push(problemDocument("picture_not_turned", detail, { stage: "picture" }));
  const bytes = stripMetadata(picture.bytes, type, 1);
  return new PictureRef({ bytes, type, size: turnSize(size, orientation), orientation }, host);
}
