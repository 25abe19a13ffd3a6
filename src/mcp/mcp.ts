import type { Context } from "hono";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { Access } from "../accounts/access.ts";
import { keyUnknown } from "../accounts/key-problem.ts";
import { bearerOf } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { openClaim } from "../pipeline/run.ts";
import { drain } from "../request/drain.ts";
import { readJsonObject } from "../request/read-fields.ts";
import { Api } from "./api.ts";

/** What the MCP endpoint needs of its deployment. */
export interface McpDependencies extends Pick<Deployment, "memory" | "deadlineMs" | "timer" | "publicUrl"> {
  readonly access: Access;
}

type McpContext = Context<RequestVariables>;

/** Headers of an MCP request that its calls to the API have too: who asks. */
const PASSED_ON = ["authorization", "cf-connecting-ip"];
/** Copies of a body that are held at a time: its bytes, its text, its values, and the request to the API. */
const BODY_COPIES = 4;

/**
 * `POST /mcp`: the tools of a language model, as MCP's Streamable HTTP has them. Every call of a tool becomes a request
 * to the API with the caller's key. The library is loaded with the first request.
 *
 * @param send sends a request to the API without leaving this process
 */
export const mcpRoute = (
  dependencies: McpDependencies,
  send: (request: Request, context: McpContext) => Promise<Response>,
) =>
  async function mcpRoute(context: McpContext): Promise<Response> {
    const { timer, deadlineMs, publicUrl } = dependencies;
    const { raw } = context.req;
    refuseOrigin(context, dependencies);
    const hasKey = await checkKey(context, dependencies);
    const limit = hasKey ? LIMITS.bodyBytes : LIMITS.unpaidBodyBytes;
    const reading = AbortSignal.any([raw.signal, timer(deadlineMs)]);
    const claim = openClaim({ ...dependencies, deadlineMs: LIMITS.waitSeconds * 1000 });
    try {
      const message = await readJsonObject(raw, reading, limit, (bytes) => claim.grow(BODY_COPIES * bytes));
      const headers = Object.fromEntries(
        PASSED_ON.flatMap((name) => {
          const value = context.req.header(name);
          return value === undefined ? [] : [[name, value]];
        }),
      );
      const origin = (publicUrl ?? new URL(raw.url)).origin;
      const api = new Api((request) => send(request, context), origin, headers);
      const { serveMcp } = await import("./server.ts");
      const request = new Request(raw.url, { method: "POST", headers: headersOf(raw), signal: raw.signal });
      return await serveMcp(request, message, {
        api,
        timer,
        waitUntil(work) {
          claim.until(work);
          context.executionCtx.waitUntil(work.catch(() => undefined));
        },
      });
    } catch (error) {
      await drain(raw, reading);
      throw error;
    } finally {
      claim.end();
    }
  };

/** The headers of an MCP request without those of its body. A client that names no media type gets either. */
function headersOf(request: Request): Headers {
  const headers = new Headers(request.headers);
  headers.delete("content-length");
  const accepted = headers.get("accept") ?? "*/*";
  if (accepted === "*/*") headers.set("accept", "application/json, text/event-stream");
  return headers;
}

/** Refuses a key that this deployment did not make, before its body is read. Whether there is a key. */
async function checkKey(context: McpContext, { access }: McpDependencies): Promise<boolean> {
  if (access.mode === "open") return true;
  const bearer = bearerOf(context);
  if (bearer === null) return false;
  if (!(await access.keys.read(bearer))) throw keyUnknown();
  return true;
}

/**
 * Refuses a request of a web page where nobody needs a key: a page whose name was made to resolve to this address would
 * use the models of whoever opened it (MCP, "Streamable HTTP", "Security Warning").
 */
function refuseOrigin({ req }: McpContext, { access, publicUrl }: McpDependencies): void {
  const origin = req.header("origin");
  if (access.mode !== "open" || origin === undefined) return;
  const allowed = [publicUrl?.origin, "http://localhost", "http://127.0.0.1"];
  const isAllowed = allowed.some(
    (start) => start !== undefined && (origin === start || origin.startsWith(`${start}:`)),
  );
  if (!isAllowed)
    throw new ProblemError("origin_not_allowed", `The origin ${origin.slice(0, 200)} may not use /mcp here.`);
}
