import * as z from "zod/mini";
import { CLEANUP_MS } from "./job.ts";
import { callReplicate, type ReplicateAddress, ReplicateId } from "./replicate-client.ts";
import type { RequestRuntime } from "./runtime.ts";
import { StageError } from "./stage-error.ts";

/** A file at Replicate. */
export interface UploadedFile {
  readonly url: string;
  /** Deletes it. Never rejects: a file that stays expires by itself. */
  remove(): Promise<void>;
}

const Created = z.object({ id: ReplicateId, urls: z.object({ get: z.url() }) });

/** Uploads a picture that models cannot reach by a link: exactly one HTTP request. Throws a `StageError`. */
export async function upload(
  address: ReplicateAddress,
  file: Blob,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<UploadedFile> {
  const created = await callReplicate(
    address,
    runtime,
    signal,
    (client) => client.files.create(file, {}, { signal }) as Promise<unknown>,
  );
  const parsed = z.safeParse(Created, created);
  if (!parsed.success) throw new StageError("unreadable", "answered an upload with something that is not a file");
  const { id, urls } = parsed.data;
  const remove = async () => {
    const timeout = AbortSignal.timeout(CLEANUP_MS);
    await callReplicate(address, runtime, timeout, (client) => client.files.delete(id, { signal: timeout })).catch(
      () => undefined,
    );
  };
  return { url: urls.get, remove };
}
