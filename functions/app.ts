import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ADMISSION_ID, AdmissionRequest } from "../schemas/admission.ts";
import { type Admission, Refused } from "./admission.ts";
import { cogRoutes } from "./cog.ts";
import { jsonOnly, ownSiteOnly } from "./guard.ts";
import { readJsonBody } from "./json-body.ts";
import { Repeats } from "./repeats.ts";
import { FUNCTION_STAGES, type FunctionStage } from "./stage-function.ts";
import { LOADING_S, StageHost } from "./stage-host.ts";
import { realWebhooks, type Webhooks } from "./webhook.ts";

/** Largest request body in bytes: a picture of 10 MiB as base64, and the other fields. */
const BODY_BYTES = 24 * 1024 * 1024;
/** Most bytes of bodies whose requests are not answered yet. Further ones get 503. */
const HELD_BYTES = 256 * 1024 * 1024;

export type StageHosts = Record<FunctionStage, StageHost>;

/** One host per stage. Each answers 503 until its stage is loaded. */
export function createHosts(admission: Admission, webhooks: Webhooks = realWebhooks([])): StageHosts {
  return Object.fromEntries(
    FUNCTION_STAGES.map((name) => [name, new StageHost(name, admission, webhooks)]),
  ) as StageHosts;
}

/**
 * The HTTP app: Cog's routes of each stage under `/{stage}`, the admission of posts, and `/health` for all stages
 * together.
 *
 * @param names host names that are answered; null answers all
 * @param repeats the predictions that are answered again under their callers' keys
 */
export function createFunctionsApp(
  hosts: StageHosts,
  admission: Admission,
  names: readonly string[] | null = [],
  repeats = new Repeats(),
): Hono {
  const app = new Hono();
  app.use(ownSiteOnly(names), boundedBodies());
  for (const name of FUNCTION_STAGES) app.route(`/${name}`, cogRoutes(hosts[name], repeats));
  app.put("/admissions/:id", jsonOnly, (c) => admit(c, hosts, admission));
  app.delete("/admissions/:id", (c) => {
    admission.end(c.req.param("id"));
    return c.body(null, 204);
  });
  app.get("/health", (c) => {
    const stages = FUNCTION_STAGES.map((name) => ({
      stage: name,
      status: hosts[name].status,
      error: hosts[name].setupError,
    }));
    const ready = stages.every(({ status }) => status === "READY" || status === "BUSY");
    const rss_mb = Math.round(process.memoryUsage().rss / 1e6);
    const posts = admission.state;
    return c.json({ status: ready ? "ok" : "unavailable", rss_mb, posts, stages }, ready ? 200 : 503);
  });
  app.notFound((c) => c.json({ detail: "Not Found" }, 404));
  app.onError((error, c) => {
    if (error instanceof Refused) return busy(c, 409, error.message, error.retryAfter);
    console.error(`${c.req.method} ${c.req.path}: ${error.name}`);
    return c.json({ detail: "Internal Server Error" }, 500);
  });
  return app;
}

/** `schemas/admission.ts` describes the answers. */
async function admit(c: Context, hosts: StageHosts, admission: Admission): Promise<Response> {
  const id = c.req.param("id") ?? "";
  if (FUNCTION_STAGES.some((name) => hosts[name].status === "STARTING"))
    return busy(c, 503, "the weights are still loading", LOADING_S);
  const body = readJsonBody(Buffer.from(await c.req.arrayBuffer()));
  const request = AdmissionRequest.safeParse("value" in body ? body.value : undefined);
  if (!ADMISSION_ID.test(id) || !request.success)
    return c.json({ detail: "the id or the body has not the form of an admission (schemas/admission.ts)" }, 422);
  admission.admit(id, request.data);
  return c.body(null, 204);
}

/** An answer that asks to come again after so many seconds. */
function busy(c: Context, status: 409 | 503, detail: string, seconds: number): Response {
  return c.json({ detail }, status, { "retry-after": String(seconds) });
}

/** Refuses a body that is too large (413), or that memory has no room for beside the others (503). */
function boundedBodies(): MiddlewareHandler {
  let held = 0;
  const limited = bodyLimit({
    maxSize: BODY_BYTES,
    onError: (c) => c.json({ detail: `the request body exceeds the limit of ${BODY_BYTES} bytes` }, 413),
  });
  return async (c, next) => {
    const length = c.req.header("transfer-encoding") ? BODY_BYTES : Number(c.req.header("content-length") ?? 0);
    if (length <= BODY_BYTES && held + length > HELD_BYTES) return busy(c, 503, "too many large requests at a time", 1);
    held += length;
    try {
      return await limited(c, next);
    } finally {
      held -= length;
    }
  };
}
