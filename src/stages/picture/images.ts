import { fromDataUrl, toDataUrl } from "../../image/data-url.ts";
import { type PictureError, type SniffedPicture, sniffPicture } from "../../image/sniff.ts";
import { canceledOrLate } from "../../providers/refusal.ts";
import { StageError, type StageErrorCode, type StageInput, type StageOutput } from "../model.ts";
import type { Images, StageAdapter } from "../stage-adapter.ts";

/** High enough that no detector here notices; as `functions/picture` has it. */
const JPEG_QUALITY = 90;

/** The binding has no version of its own to pin or to report. */
const [MODEL, VERSION] = ["cloudflare-images", "unversioned"];

/**
 * The codes of an `ImagesError` that we know what to say of
 * (developers.cloudflare.com/images/reference/troubleshooting, November 2026).
 */
const CODES: Readonly<Record<number, readonly [StageErrorCode, string]>> = {
  9402: ["rejected", "takes no picture of so many bytes"],
  9412: ["invalid_picture", "cannot read the picture"],
  9413: ["rejected", "takes no picture of so many pixels"],
  9422: ["rate_limited", "has reached its limit of transformations"],
  9520: ["rejected", "does not read this type of picture"],
};

/**
 * The platform's own `IMAGES` binding as `images/upright`. It applies the EXIF orientation by itself, whatever becomes
 * of the metadata (developers.cloudflare.com/images/transform-images/transform-via-url, "metadata"), here and in
 * Miniflare; there is no switch against it.
 */
export const images: StageAdapter<"picture"> = {
  serves: [{ provider: "images", models: /^upright$/ }],
  card: {
    title: "Cloudflare Images, through the IMAGES binding",
    price:
      "USD 0.50 for 1,000 unique transformations, the first 5,000 a month free (developers.cloudflare.com/images/pricing, November 2026)",
    maximumCostUsd: 0.0005,
    returns: "the picture upright, its long side at most max_side, as JPEG of quality 90 without metadata",
    cannot:
      "whether it applied a mirroring orientation (2, 3 and 4) can only be trusted, not seen from the size of what it returns",
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
      takesLinks: false,
      run: (input, { signal }) => untilAborted(upright(images, input), signal),
    };
  },
};

async function upright(images: Images, { image, max_side }: StageInput<"picture">): Promise<StageOutput<"picture">> {
  const bytes = fromDataUrl(image)?.bytes;
  if (!bytes) throw new StageError("rejected", "is given bytes and follows no links");
  const { upright: original } = sniff(bytes, (error) => pictureFault(error));
  const jpeg = await transform(images, bytes, max_side);
  const { type, width, height, orientation } = sniff(
    jpeg,
    () => new StageError("invalid_output", "answered something that is no picture"),
  );
  const scale = Math.min(1, max_side / Math.max(original.width, original.height));
  // Both sides are rounded on the way down.
  const differs = Math.abs(width - original.width * scale) > 1 || Math.abs(height - original.height * scale) > 1;
  if (type !== "image/jpeg" || orientation !== 1 || differs) {
    throw new StageError("invalid_output", "answered with a picture that is not the upright one as JPEG");
  }
  return { model: MODEL, version: VERSION, image: toDataUrl(jpeg, type), width, height, original };
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
  const known = code === "picture_too_many_pixels" ? code : "invalid_picture";
  return new StageError(known, "cannot read the picture");
}

/** The binding takes no signal; what it still does after an abort is not waited for. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(canceledOrLate(signal));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
