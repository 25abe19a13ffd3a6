import { toDataUrl } from "../../image/data-url.ts";
import { type PictureError, type SniffedPicture, sniffPicture } from "../../image/sniff.ts";
import { answeredUntilAborted } from "../../providers/answered-until-aborted.ts";
import type { Images } from "../../providers/images.ts";
import { type ModelInput, type StageAdapter, StageError, type StageErrorCode, type StageOutput } from "../model.ts";
import { cardPrice } from "../prices/model-prices.ts";
import { readOutput } from "../replies/read-output.ts";

/** The same quality as `functions/picture`: high enough for the detectors. */
const JPEG_QUALITY = 90;

/** The binding has no version of its own to pin or to report. */
const [MODEL, VERSION] = ["cloudflare-images", "unversioned"];

/** Known codes of an `ImagesError` (developers.cloudflare.com/images/reference/troubleshooting, November 2026). */
const CODES: Readonly<Record<number, readonly [StageErrorCode, string]>> = {
  9402: ["rejected", "rejected the picture: too many bytes (9402)"],
  9412: ["invalid_picture", "cannot read the picture (9412)"],
  9413: ["rejected", "rejected the picture: too many pixels (9413)"],
  9422: ["rate_limited", "has reached its transformation limit (9422)"],
  9520: ["rejected", "rejected the picture: unsupported type (9520)"],
};

/**
 * The platform's own `IMAGES` binding, as `images/upright`. It always applies the EXIF orientation, in production and
 * in Miniflare (developers.cloudflare.com/images/transform-images/transform-via-url, "metadata").
 */
export const images: StageAdapter<"picture"> = {
  serves: [{ provider: "images", names: ["upright"] }],
  card: {
    title: "Cloudflare Images, through the IMAGES binding",
    ...cardPrice("images/upright"),
    returns: "the picture upright, its long side at most max_side, as JPEG of quality 90 without metadata",
    cannot:
      "show that it applied orientation 2, 3 or 4: these do not change the picture's size, so that cannot be checked",
    batch: Number.POSITIVE_INFINITY,
    picture: "data",
  },
  create({ entry, provider }, { images }) {
    if (!images)
      throw new Error('the Worker has no binding called IMAGES: add [images] binding = "IMAGES" to wrangler.toml');
    return {
      entry,
      provider,
      promptVersion: "1",
      batch: Number.POSITIVE_INFINITY,
      // The binding takes no signal.
      run: (input, { signal }) => answeredUntilAborted(upright(images, input), signal),
    };
  },
};

async function upright(images: Images, { picture, max_side }: ModelInput<"picture">): Promise<StageOutput<"picture">> {
  if (!picture) throw new StageError("rejected", "needs the picture");
  const { bytes } = picture;
  const { upright: original } = sniff(bytes, (error) => pictureFault(error));
  const jpeg = await picture.exclusively(() => transform(images, bytes, max_side));
  const { type, width, height, orientation } = sniff(
    jpeg,
    () => new StageError("invalid_output", "answered with something that is not a picture"),
  );
  const scale = Math.min(1, max_side / Math.max(original.width, original.height));
  // Shrinking rounds both sides.
  const differs = Math.abs(width - original.width * scale) > 1 || Math.abs(height - original.height * scale) > 1;
  if (type !== "image/jpeg" || orientation !== 1 || differs) {
    throw new StageError("invalid_output", "answered with a picture that is not upright, of the right size and a JPEG");
  }
  return readOutput("picture", {
    model: MODEL,
    version: VERSION,
    image: toDataUrl(jpeg, type),
    width,
    height,
    original,
  });
}

async function transform(images: Images, bytes: Uint8Array, side: number): Promise<Uint8Array> {
  try {
    const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const result = await images
      .input(stream)
      .transform({ width: side, height: side, fit: "scale-down" })
      // JPEG has neither transparency nor frames: white below, and the first frame.
      .output({ format: "image/jpeg", quality: JPEG_QUALITY, background: "#ffffff", anim: false });
    return new Uint8Array(await new Response(result.image()).arrayBuffer());
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code !== "number") throw new StageError("network", "cannot be reached, or broke off its answer");
    throw new StageError(...(CODES[code] ?? (["failed", `failed on this picture (code ${code})`] as const)));
  }
}

function sniff(bytes: Uint8Array, fault: (error: PictureError) => StageError): SniffedPicture {
  try {
    return sniffPicture(bytes);
  } catch (error) {
    throw fault(error as PictureError);
  }
}

function pictureFault({ code }: PictureError): StageError {
  const reported = code === "picture_too_many_pixels" ? code : "invalid_picture";
  return new StageError(reported, "cannot read the picture");
}
