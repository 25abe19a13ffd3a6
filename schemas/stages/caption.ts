import * as z from "zod/mini";
import { Expression, ranBy, Size } from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/** A picture to describe in one paragraph, as background for the expansion (RiVEG, arXiv 2402.09989, section 3.2). */
export const CaptionInput = z.strictObject({ image: PictureSource, size: z.optional(Size) });
export type CaptionInput = z.infer<typeof CaptionInput>;

export const CaptionOutput = z.object({ ...ranBy, caption: Expression });
export type CaptionOutput = z.infer<typeof CaptionOutput>;
