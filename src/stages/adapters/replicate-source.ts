import { answeredUntilAborted } from "../../providers/answered-until-aborted.ts";
import { canceledOrLate } from "../../providers/refusal.ts";
import type { ReplicateAddress } from "../../providers/replicate-client.ts";
import { type UploadedFile, upload } from "../../providers/replicate-upload.ts";
import type { RequestRuntime } from "../../providers/runtime.ts";
import type { PictureRef } from "../picture-ref.ts";

/** The longest data URL that may stand in an input (docs/reference/hosted-models.md, "Replicate"). */
const INLINE_CHARACTERS = 256 * 1024;

/** How long an upload may take, in milliseconds. It goes on after its run has ended, to be deleted then. */
const UPLOAD_MS = 20_000;

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
  if (signal.aborted) throw canceledOrLate(signal);
  // Not with the call's signal: only the response of an upload holds the id by which the file can be deleted.
  const make = () => {
    const file = new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.type });
    return upload(address, file, runtime, AbortSignal.timeout(UPLOAD_MS));
  };
  // Files belong to the account of a token. The key stays inside the picture.
  const key = `replicate ${address.endpoint.href} ${address.token}`;
  return answeredUntilAborted(
    picture.once(key, make, (uploaded) => uploaded.remove()),
    signal,
  );
}
