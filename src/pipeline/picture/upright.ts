import { LIMITS } from "../../../schemas/limits.ts";
import { turnSize } from "../../../schemas/orientation.ts";
import { problemDocument } from "../../../schemas/problem.ts";
import { fromDataUrl } from "../../image/data-url.ts";
import { stripMetadata } from "../../image/strip.ts";
import { PictureRef } from "../../stages/picture-ref.ts";
import type { Run } from "../run.ts";
import type { Picture } from "./read-picture.ts";

/**
 * The picture that models see. It goes through the `picture` stage only when it is not upright or is too large. When no
 * model of that stage answers, models see the pixels as stored, `toCaller` and `checkMask` turn their boxes and masks,
 * and the answer has a `picture_not_turned` problem. Emits the problem of a file that is cut off. Null when the run
 * ends first.
 */
export async function uprightPicture(picture: Picture, run: Run): Promise<PictureRef | null> {
  if (picture.cutOff) run.emit({ event: "problem", problem: picture.cutOff });
  const side = Math.max(picture.size.width, picture.size.height);
  if (picture.orientation === 1 && side <= LIMITS.modelSide) return new PictureRef(picture, run.pictures);
  const converted = await convertPicture(picture, LIMITS.modelSide, run);
  return converted ?? (run.signal.aborted ? null : asStored(picture, run));
}

/** Like `uprightPicture`, but throws a `ProblemError` when the run ends first. */
export async function requireUpright(picture: Picture, run: Run): Promise<PictureRef> {
  const upright = await uprightPicture(picture, run);
  if (!upright) throw run.stages.failure("picture");
  return upright;
}

/** Bytes of memory that a byte of a converted picture takes: the model's answer, its data URL, and the bytes. */
const CONVERTED_FACTOR = 4;

/** The picture upright, as JPEG, its long side at most `side` pixels; null when no model does that. */
export async function convertPicture(picture: Picture, side: number, run: Run): Promise<PictureRef | null> {
  const output = await run.stages.run("picture", { max_side: side }, new PictureRef(picture, run.pictures));
  const converted = output && fromDataUrl(output.image);
  const size = output && { width: output.width, height: output.height };
  if (converted) run.claim.add(CONVERTED_FACTOR * converted.bytes.length);
  return converted && size && new PictureRef({ ...converted, size, orientation: 1 }, run.pictures);
}

function asStored(picture: Picture, run: Run): PictureRef {
  const { type, size, orientation } = picture;
  if (orientation === 1) return new PictureRef(picture, run.pictures);
  const detail = `No model turned the picture upright (EXIF orientation ${orientation}): models saw it as stored, and their boxes and masks were turned.`;
  run.emit({ event: "problem", problem: problemDocument("picture_not_turned", detail, { stage: "picture" }) });
  // Without its orientation tag, so that no model turns it by itself.
  const bytes = stripMetadata(picture.bytes, type, 1);
  return new PictureRef({ bytes, type, size: turnSize(size, orientation), orientation }, run.pictures);
}
