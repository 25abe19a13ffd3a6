import type { Hono } from "hono";
import type { RequestVariables } from "../middleware/request-id.ts";
import { batchRoute, cancelBatchRoute } from "./batch.ts";
import type { BatchDeployment } from "./batch-request.ts";
import { batchResultsRoute } from "./batch-results.ts";
import { createBatchRoute } from "./create-batch.ts";

/** The operations on batches. */
export function batchRoutes(app: Hono<RequestVariables>, deployment: BatchDeployment): void {
  app.post("/v1/batches", createBatchRoute(deployment));
  app.get("/v1/batches/:id", batchRoute(deployment));
  app.delete("/v1/batches/:id", cancelBatchRoute(deployment));
  app.get("/v1/batches/:id/results", batchResultsRoute(deployment));
}
