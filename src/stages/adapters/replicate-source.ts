import { answeredUntilAborted } from "../../providers/answered-until-aborted.ts";
import type { ReplicateAddress } from "../../providers/replicate-client.ts";
import { type UploadedFile, upload } from "../../providers/replicate-upload.ts";
import type { RequestRuntime } from "../../providers/runtime.ts";
import { StageError } from "../model.ts";
import type { PictureRef } from "../picture-ref.ts";

/** The longest data URL that may stand in an input (docs/reference/hosted-models.md, "Replicate"). */
const INLINE_CHARACTERS = 256 * 1024;

/**
 * Calls `use` with a picture as Replicate's models take it: its link if it has one, else a data URL if that is short,
 * else the URL of a file uploaded to Replicate; with undefined when there is no picture. The upload is made once per
 * run and deleted when the run ends. Throws a `StageError`.
 */
export async function withReplicateSource<T>(
  picture: PictureRef | null,
  address: ReplicateAddress,
  runtime: RequestRuntime,
  signal: AbortSignal,
  use: (image: string | undefined) => Promise<T>,
): Promise<T> {
  if (!picture) return use(undefined);
  const link = await picture.link();
  if (link !== null) return use(link);
  if (dataUrlLength(picture) <= INLINE_CHARACTERS) return picture.withDataUrl(use);
  const { url } = await uploadOnce(picture, address, runtime, signal);
  return use(url);
}

function dataUrlLength({ bytes, type }: PictureRef): number {
  return `data:${type};base64,`.length + 4 * Math.ceil(bytes.length / 3);
}

/** One upload for all calls that need it, whichever comes first. */
async function uploadOnce(
  picture: PictureRef,
  address: ReplicateAddress,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<UploadedFile> {
  const make = () => {
    const file = new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.type });
    return upload(address, file, runtime, signal);
  };
  // Files belong to the account of a token. The key stays inside the picture.
  const key = `replicate ${address.endpoint.href} ${address.token}`;
  for (;;) {
    try {
      return await answeredUntilAborted(
        picture.once(key, make, (uploaded) => uploaded.remove()),
        signal,
      );
    } catch (error) {
      // An upload that another call began ends with that call's signal. This call then begins its own.
      const abandoned = error instanceof StageError && (error.code === "canceled" || error.code === "timeout");
      if (!abandoned || signal.aborted) throw error;
    }
  }
}
