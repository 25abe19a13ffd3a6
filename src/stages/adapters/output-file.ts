import { fromDataUrl } from "../../image/data-url.ts";
import { type ModelRuntime, StageError } from "../model.ts";

/**
 * A file of an output: decoded from a data URL, or downloaded at once, because a vendor's link expires within the hour.
 * Throws a `StageError`.
 */
export async function outputFile(
  address: string,
  { download }: Pick<ModelRuntime, "download">,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const inline = fromDataUrl(address);
  if (inline) return inline.bytes;
  try {
    return await download(address, signal);
  } catch {
    throw signal.aborted
      ? new StageError("timeout", "delivered its output file too late")
      : new StageError("failed", "named an output file that could not be downloaded");
  }
}
