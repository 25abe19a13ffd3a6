import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { methodNotAllowed } from "hono/method-not-allowed";
import { LIMITS } from "../schemas/limits.ts";
import { ProblemError } from "../schemas/problem.ts";
import type { Dependencies } from "./bindings.ts";
import { accessLog } from "./middleware/access-log.ts";
import { configured } from "./middleware/configured.ts";
import { crossOrigin, security } from "./middleware/headers.ts";
import { notBuilt } from "./middleware/not-built.ts";
import { renderMethodNotAllowed, renderNotFound, renderProblem } from "./middleware/problems.ts";
import { type RequestVariables, requestId } from "./middleware/request-id.ts";
import { entailRoute } from "./routes/entail.ts";
import { expandRoute } from "./routes/expand.ts";
import { groundRoute } from "./routes/ground.ts";
import { healthRoute } from "./routes/health.ts";
import { homeRoute } from "./routes/home.ts";
import { masksRoute } from "./routes/masks.ts";
import { mnerRoute } from "./routes/mner.ts";
import { openApiRoute } from "./routes/openapi.ts";
import { picturesRoute } from "./routes/pictures.ts";
import { problemRoute } from "./routes/problem.ts";
import { recognizeRoute } from "./routes/recognize.ts";
import { segmentRoute } from "./routes/segment.ts";

/** The API: its middleware, outermost first, and its routes. */
export function createApp(dependencies: Dependencies): Hono<RequestVariables> {
  const { clock, random, log, fault } = dependencies;
  const app = new Hono<RequestVariables>();
  app.onError(renderProblem(log));
  app.notFound(renderNotFound);

  app.use(requestId(clock, random));
  app.use(accessLog(log, clock));
  app.use(security);
  app.use(crossOrigin);
  app.use(methodNotAllowed({ app, onMethodNotAllowed: renderMethodNotAllowed }));
  app.use(configured(fault));

  app.get("/", homeRoute);
  app.get("/health", healthRoute(dependencies));
  app.get("/openapi.json", openApiRoute);
  app.get("/problems/:code", problemRoute);
  app.get("/v1/masks/:account/:file", masksRoute(dependencies));
  app.get("/v1/pictures/:id", picturesRoute(dependencies));

  const limit = bodyLimit({ maxSize: LIMITS.bodyBytes, onError: refuseBody });
  app.post("/v1/recognize", notBuilt, limit, recognizeRoute(dependencies));
  app.post("/v1/mner", notBuilt, limit, mnerRoute(dependencies));
  app.post("/v1/expand", notBuilt, limit, expandRoute(dependencies));
  app.post("/v1/entail", notBuilt, limit, entailRoute(dependencies));
  app.post("/v1/ground", notBuilt, limit, groundRoute(dependencies));
  app.post("/v1/segment", notBuilt, limit, segmentRoute(dependencies));
  return app;
}

function refuseBody(): never {
  throw new ProblemError("body_too_large", `The body has more than ${LIMITS.bodyBytes} bytes.`, {
    errors: [{ pointer: "", detail: "is too large", limit: LIMITS.bodyBytes }],
  });
}
