import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { LIMITS } from "../schemas/limits.ts";
import { ProblemError } from "../schemas/problem.ts";
import type { Dependencies } from "./bindings.ts";
import { accessLog } from "./middleware/access-log.ts";
import { configured } from "./middleware/configured.ts";
import { renderMethodNotAllowed, renderNotFound, renderProblem } from "./middleware/problems.ts";
import { type RequestVariables, requestId } from "./middleware/request-id.ts";
import { healthRoute } from "./routes/health.ts";
import { homeRoute } from "./routes/home.ts";
import { masksRoute } from "./routes/masks.ts";
import { recognizeRoute } from "./routes/recognize.ts";

/** The API: its middleware, outermost first, and its routes. */
export function createApp(dependencies: Dependencies): Hono<RequestVariables> {
  const { clock, random, log, fault } = dependencies;
  const app = new Hono<RequestVariables>();
  app.onError(renderProblem(log));
  app.notFound(renderNotFound);

  app.use(requestId(clock, random));
  app.use(accessLog(log, clock));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: renderMethodNotAllowed }));
  app.use(configured(fault));

  app.get("/", homeRoute);
  app.get("/health", healthRoute(dependencies));
  app.post("/v1/recognize", bodyLimit({ maxSize: LIMITS.bodyBytes, onError: refuseBody }), recognizeRoute(dependencies));
  app.get("/v1/masks/:account/:file", masksRoute(dependencies));
  return app;
}

function refuseBody(): never {
  throw new ProblemError("body_too_large", `The body has more than ${LIMITS.bodyBytes} bytes.`, {
    errors: [{ pointer: "", detail: "is too large", limit: LIMITS.bodyBytes }],
  });
}
