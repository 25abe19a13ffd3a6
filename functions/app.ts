import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cogRoutes } from "./cog.ts";
import { FUNCTION_STAGES, type FunctionStage } from "./stage-function.ts";
import { StageHost } from "./stage-host.ts";
import { realWebhook, type WebhookOptions } from "./webhook.ts";

/** Largest request body in bytes: a picture of 10 MiB as base64, and the other fields. */
const BODY_BYTES = 24 * 1024 * 1024;

export type StageHosts = Record<FunctionStage, StageHost>;

/** One host per stage. Each answers 503 until its stage is loaded. */
export function createHosts(webhook: WebhookOptions = realWebhook): StageHosts {
  return Object.fromEntries(FUNCTION_STAGES.map((name) => [name, new StageHost(name, webhook)])) as StageHosts;
}

/** The HTTP app: Cog's routes of each stage under `/{stage}`, and `/health` for all stages together. */
export function createFunctionsApp(hosts: StageHosts): Hono {
  const app = new Hono();
  app.use(
    bodyLimit({
      maxSize: BODY_BYTES,
      onError: (c) => c.json({ detail: `the request body exceeds the limit of ${BODY_BYTES} bytes` }, 413),
    }),
  );
  for (const name of FUNCTION_STAGES) app.route(`/${name}`, cogRoutes(hosts[name]));
  app.get("/health", (c) => {
    const stages = FUNCTION_STAGES.map((name) => ({
      stage: name,
      status: hosts[name].status,
      error: hosts[name].setupError,
    }));
    const ready = stages.every(({ status }) => status === "READY" || status === "BUSY");
    const rss_mb = Math.round(process.memoryUsage().rss / 1e6);
    return c.json({ status: ready ? "ok" : "unavailable", rss_mb, stages }, ready ? 200 : 503);
  });
  app.notFound((c) => c.json({ detail: "Not Found" }, 404));
  app.onError((error, c) => {
    console.error(`${c.req.method} ${c.req.path}: ${error.name}`);
    return c.json({ detail: "Internal Server Error" }, 500);
  });
  return app;
}
