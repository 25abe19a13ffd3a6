import type { Context } from "hono";
import { ProblemError } from "../../schemas/problem.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { maskPath } from "../storage/mask-store.ts";
import { type FileDeployment, openFile } from "./file-access.ts";

/** `GET /v1/masks/{account}/{file}`: a mask as PNG, with a signed link or with a key of the account. */
export const masksRoute = (deployment: FileDeployment & Pick<Deployment, "masks" | "storeMs">) =>
  async function masksRoute(context: Context<RequestVariables, "/v1/masks/:account/:file">): Promise<Response> {
    const { account, file } = context.req.param();
    const sha = file.replace(/\.png$/, "");
    const { masks, storeMs } = deployment;
    const path = file.endsWith(".png") ? maskPath(account, sha) : context.req.path;
    const seconds = await openFile(context, deployment, path, account);

    const get = async (part?: { offset: number; length: number }) => {
      const png = await untilAborted(masks.get(account, sha, part), AbortSignal.timeout(storeMs));
      if (!png) throw new ProblemError("not_found", "The mask is no longer kept.");
      return png;
    };
    const whole = await get();
    const { size } = whole;
    const etag = `"${sha}"`;
    const headers = { ETag: etag, "Cache-Control": `private, max-age=${seconds}, immutable`, "Accept-Ranges": "bytes" };
    const ifRange = context.req.header("if-range");
    const isNamed = namesTag(context.req.header("if-none-match"), etag);
    const isGet = context.req.method === "GET";
    const mayBePart = isGet && !isNamed && (ifRange === undefined || ifRange === etag);
    const rangeHeader = mayBePart ? context.req.header("range") : undefined;
    if (isNamed || !isGet || rangeHeader !== undefined) await whole.body.cancel();
    if (isNamed) return context.body(null, 304, headers);

    const range = parseRange(rangeHeader, size);
    const [start, end] = range ?? [0, size];
    const headersWithBody = { ...headers, "Content-Type": "image/png", "Content-Length": String(end - start) };
    if (!isGet) return context.body(null, 200, headersWithBody);
    if (rangeHeader === undefined) return context.body(whole.body, 200, headersWithBody);
    if (!range) return context.body((await get()).body, 200, headersWithBody);
    const part = await get({ offset: start, length: end - start });
    return context.body(part.body, 206, { ...headersWithBody, "Content-Range": `bytes ${start}-${end - 1}/${size}` });
  };

/** Whether `If-None-Match` names the tag. It compares weakly (RFC 9110, section 13.1.2). */
function namesTag(header: string | undefined, etag: string): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}

/**
 * The byte range of a `Range` header, half-open. Null without a header, and for several ranges and other forms that a
 * server may ignore (RFC 9110, section 14.2). Throws `range_not_satisfiable` when the range begins past the end.
 *
 * @param size of the file, in bytes
 */
function parseRange(header: string | undefined, size: number): [start: number, end: number] | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return null;
  const [, first = "", last = ""] = match;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (first !== "" && last !== "" && Number(last) < Number(first)) return null;
  if (start < end) return [start, end];
  const detail = `The mask has ${size} bytes; ${header} holds none of them.`;
  throw new ProblemError("range_not_satisfiable", detail, {}, { "Content-Range": `bytes */${size}` });
}
