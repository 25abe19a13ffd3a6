import { LIMITS } from "../schemas/limits.ts";
import { InputError } from "./stage-function.ts";

/** How long to wait for a linked picture, in milliseconds. */
const LINK_TIMEOUT_MS = 10_000;

/**
 * The bytes of a stage's picture: of a base64 data URL, or of an http or https link (Cog containers fetch the links in
 * their input). A link must answer 200 within ten seconds, with at most `LIMITS.uploadBytes`, and without a redirect.
 * Throws an `InputError` for anything else.
 */
export async function pictureBytes(source: string): Promise<Buffer> {
  return /^https?:/i.test(source) ? linkedBytes(source) : dataUrlBytes(source);
}

function dataUrlBytes(dataUrl: string): Buffer {
  const comma = dataUrl.indexOf(",");
  if (!/^data:[^,]*;base64$/i.test(dataUrl.slice(0, Math.max(0, comma))))
    throw new InputError("invalid_picture", "the picture is not a base64 data URL");
  const bytes = Buffer.from(dataUrl.slice(comma + 1), "base64");
  if (bytes.length === 0) throw new InputError("invalid_picture", "the picture is empty");
  return bytes;
}

async function linkedBytes(link: string): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    const response = await fetch(link, { redirect: "error", signal: AbortSignal.timeout(LINK_TIMEOUT_MS) });
    if (response.status !== 200 || !response.body)
      throw new InputError("picture_unreachable", `the picture's link answered ${response.status}`);
    for await (const part of response.body) {
      length += part.length;
      if (length > LIMITS.uploadBytes)
        throw new InputError("picture_unreachable", `the picture exceeds the limit of ${LIMITS.uploadBytes} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof InputError
      ? error
      : new InputError("picture_unreachable", "the picture's link could not be fetched");
  }
  return Buffer.concat(parts, length);
}
