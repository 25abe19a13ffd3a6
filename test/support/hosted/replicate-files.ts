import { createHash } from "node:crypto";
import { type Answer, type Exchange, json } from "./exchange.ts";
import { detail } from "./replicate-problem.ts";

const LONGEST_BYTES = 100 * 1024 * 1024;

/** `POST /files`: multipart, the part `content` with a file's name, the part `metadata` as JSON where there is one. */
export async function createFile({ session, headers, bytes, base }: Exchange): Promise<Answer> {
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": headers["content-type"] ?? "" } })
    .formData()
    .catch(() => null);
  const content = form?.get("content");
  if (!(content instanceof File) || content.name === "") return detail(400, "Missing content", "Bad request");
  if (content.size > LONGEST_BYTES) return detail(413, "File size exceeds the limit", "Payload too large");
  const stored = Buffer.from(await content.arrayBuffer());
  const metadata = form?.get("metadata");
  const id = `f${session.files.size + 1}`;
  const file = {
    id,
    name: content.name,
    content_type: content.type || "application/octet-stream",
    size: stored.length,
    etag: id,
    checksums: { sha256: createHash("sha256").update(stored).digest("hex") },
    metadata: metadata ? (JSON.parse(typeof metadata === "string" ? metadata : await metadata.text()) as unknown) : {},
    created_at: "2026-11-24T12:00:00.000Z",
    expires_at: "2026-11-25T12:00:00.000Z",
    urls: { get: `${base}/replicate/v1/files/${id}` },
  };
  session.files.set(id, { bytes: stored, file });
  return json(201, file);
}

export function listFiles({ session }: Exchange): Answer {
  return json(200, { previous: null, next: null, results: [...session.files.values()].map(({ file }) => file) });
}

/** `GET` and `DELETE /files/{id}`. */
export function fileRoute({ session, method }: Exchange, id = ""): Answer {
  const found = session.files.get(id);
  if (!found) return detail(404, "The requested resource could not be found.", "Not found");
  if (method === "GET") return json(200, found.file);
  session.files.delete(id);
  return { status: 204, headers: {}, body: "" };
}
