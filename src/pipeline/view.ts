import { scaleBox } from "../../schemas/geometry.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { turnBox, turnSize } from "../../schemas/orientation.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import { problemDocument } from "../../schemas/problem.ts";
import { bytesOfDataUrl, toDataUrl } from "../image/data-url.ts";
import { stripMetadata } from "../image/strip.ts";
import type { Picture } from "./read-picture.ts";
import type { StageRunner } from "./run-stage.ts";

/** The picture as models are given it. */
export interface View {
  /** A data URL. It has no orientation tag, so that nobody turns it a second time. */
  readonly image: string;
  /** Of its own pixels. */
  readonly size: Size;
  /** EXIF orientation of its own pixels: 1 when they stand upright. */
  readonly orientation: number;
}

/**
 * The caller's picture for models. It goes through the `picture` stage only when it lies on its side or is too large; where no model of that
 * stage answers, it goes out as stored, and `toCaller` and `checkMask` turn what is found in it back. Null once the request is over.
 */
export async function viewOf(picture: Picture, stages: StageRunner): Promise<View | null> {
  const side = Math.max(picture.size.width, picture.size.height);
  if (picture.orientation === 1 && side <= LIMITS.modelSide) return asStored(picture, stages);
  const converted = await convert(picture, LIMITS.modelSide, stages);
  return converted ?? (stages.signal.aborted ? null : asStored(picture, stages));
}

/** The picture upright, as JPEG, its long side at most `side`; null when no model does that. */
export async function convert(picture: Picture, side: number, stages: StageRunner): Promise<View | null> {
  const output = await stages.run("picture", { image: picture.dataUrl, max_side: side });
  return output && { image: output.image, size: { width: output.width, height: output.height }, orientation: 1 };
}

function asStored({ dataUrl, type, size, orientation }: Picture, stages: StageRunner): View {
  if (orientation === 1) return { image: dataUrl, size, orientation };
  const detail = `No model turned the picture upright (EXIF orientation ${orientation}): models saw it as stored, and what they found was turned.`;
  stages.notes.push(problemDocument("picture_not_turned", detail, { stage: "picture" }));
  const untagged = stripMetadata(bytesOfDataUrl(dataUrl), type, 1);
  return { image: toDataUrl(untagged, type), size: turnSize(size, orientation), orientation };
}

/** A box over the view as a box over the caller's upright picture, whose size is `size`. */
export function toCaller(box: Box, view: View, size: Size): Box {
  const turned = turnSize(view.size, view.orientation);
  return scaleBox(turnBox(box, view.orientation, view.size), size.width / turned.width, size.height / turned.height);
}
