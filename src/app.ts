import { Hono } from "hono";
import { methodNotAllowed } from "hono/method-not-allowed";
import type { Dependencies } from "./bindings.ts";
import { discordRoute } from "./bots/discord-route.ts";
import { slackRoute } from "./bots/slack-route.ts";
import { telegramRoute } from "./bots/telegram-route.ts";
import { mcpRoute } from "./mcp/mcp.ts";
import { serverCardRoute } from "./mcp/server-card.ts";
import { accessLog } from "./middleware/access-log.ts";
import { addressLength } from "./middleware/address-length.ts";
import { configured } from "./middleware/configured.ts";
import { crossOrigin, security } from "./middleware/headers.ts";
import { once } from "./middleware/once.ts";
import { renderMethodNotAllowed, renderNotFound, renderProblem } from "./middleware/problems.ts";
import { type RequestVariables, requestId } from "./middleware/request-id.ts";
import { serverTiming } from "./middleware/server-timing.ts";
import { byKey } from "./routes/account-request.ts";
import { accountRoutes } from "./routes/account-routes.ts";
import { batchRoutes } from "./routes/batch-routes.ts";
import { deleteRequestRoute } from "./routes/delete-request.ts";
import { docsRoute } from "./routes/docs.ts";
import { falHookRoute } from "./routes/fal-hook.ts";
import { healthRoute } from "./routes/health.ts";
import { homeRoute } from "./routes/home.ts";
import { ingestRoute } from "./routes/ingest.ts";
import { sourceRoutes } from "./routes/ingest-sources.ts";
import { deleteJobRoute, getJobRoute } from "./routes/jobs/get-job.ts";
import { jobEventsRoute } from "./routes/jobs/job-events.ts";
import { jobResultRoute } from "./routes/jobs/job-result.ts";
import { llmsRoute } from "./routes/llms.ts";
import { masksRoute } from "./routes/masks.ts";
import { openApiRoute } from "./routes/openapi.ts";
import { overlaysRoute } from "./routes/overlays.ts";
import { picturesRoute } from "./routes/pictures.ts";
import { pricesRoute } from "./routes/prices.ts";
import { problemRoute } from "./routes/problem.ts";
import { recognizeRoute } from "./routes/recognize.ts";
import { replicateHookRoute } from "./routes/replicate-hook.ts";
import { jsonRoute } from "./routes/run-route.ts";
import { stripeHookRoute } from "./routes/stripe-hook.ts";
import { topUpsRoute } from "./routes/topups.ts";
import { webhookRoutes } from "./routes/webhooks/webhook-routes.ts";

/** The API: its middleware, outermost first, and its routes. */
export function createApp(dependencies: Dependencies): Hono<RequestVariables> {
  const { clock, randomBytes, log, metrics, faults } = dependencies;
  const app = new Hono<RequestVariables>();
  app.onError(renderProblem(log));
  app.notFound(renderNotFound);

  app.use(requestId(clock, randomBytes));
  app.use(accessLog(metrics ? [log, metrics] : [log], clock));
  app.use(serverTiming(clock));
  app.use(security);
  app.use(crossOrigin);
  app.use(addressLength);
  app.use(methodNotAllowed({ app, onMethodNotAllowed: renderMethodNotAllowed }));
  app.use(configured(faults));
  if (dependencies.sweep) app.use(once(dependencies.sweep));

  app.get("/", homeRoute);
  app.get("/docs", docsRoute);
  app.get("/llms.txt", llmsRoute);
  app.get("/health", healthRoute(dependencies));
  app.get("/openapi.json", openApiRoute);
  app.get("/problems/:code", problemRoute);
  app.get("/v1/masks/:account/:file", masksRoute(dependencies));
  app.get("/v1/overlays/:account/:file", overlaysRoute(dependencies));
  app.get("/v1/pictures/:id", picturesRoute(dependencies));
  app.delete("/v1/requests/:id", deleteRequestRoute(dependencies));
  app.post("/hooks/replicate/:attempt", replicateHookRoute(dependencies));
  app.post("/hooks/fal/:attempt", falHookRoute(dependencies));
  app.post("/hooks/stripe", stripeHookRoute(dependencies));
  app.post("/hooks/ingest/:source", ingestRoute(dependencies));
  app.post("/hooks/discord", discordRoute(dependencies));
  app.post("/hooks/slack", slackRoute(dependencies));
  app.post("/hooks/telegram/:bot", telegramRoute(dependencies));
  sourceRoutes(app, dependencies);
  app.post("/v1/topups", topUpsRoute(byKey(dependencies, "admin"), dependencies));

  app.get("/v1/jobs/:id", getJobRoute(dependencies));
  app.delete("/v1/jobs/:id", deleteJobRoute(dependencies));
  app.get("/v1/jobs/:id/events", jobEventsRoute(dependencies));
  app.get("/v1/jobs/:id/result", jobResultRoute(dependencies));

  // A tool's call is a request to this app, by its caller.
  app.post(
    "/mcp",
    mcpRoute(dependencies, async (request, { env, executionCtx }) => app.fetch(request, env, executionCtx)),
  );
  app.get("/mcp/server-card", serverCardRoute(dependencies));
  app.get("/.well-known/mcp/server-card.json", serverCardRoute(dependencies));

  app.get("/v1/prices", pricesRoute);
  accountRoutes(app, dependencies);
  batchRoutes(app, dependencies);
  webhookRoutes(app, dependencies);

  app.post("/v1/recognize", recognizeRoute(dependencies));
  app.post("/v1/mner", jsonRoute(dependencies, "mner"));
  app.post("/v1/expand", jsonRoute(dependencies, "expand"));
  app.post("/v1/entail", jsonRoute(dependencies, "entail"));
  app.post("/v1/ground", jsonRoute(dependencies, "ground"));
  app.post("/v1/segment", jsonRoute(dependencies, "segment"));
  return app;
}
