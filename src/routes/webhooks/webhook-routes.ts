import type { Hono } from "hono";
import type { RequestVariables } from "../../middleware/request-id.ts";
import { byKey } from "../account-request.ts";
import { changeWebhookRoute } from "./change-webhook.ts";
import { createWebhookRoute } from "./create-webhook.ts";
import { deleteWebhookRoute } from "./delete-webhook.ts";
import { listDeliveriesRoute } from "./list-deliveries.ts";
import { listWebhooksRoute } from "./list-webhooks.ts";
import { replayDeliveryRoute } from "./replay-delivery.ts";
import { rotateWebhookRoute } from "./rotate-webhook.ts";
import { testWebhookRoute } from "./test-webhook.ts";
import type { WebhookDependencies } from "./webhook-request.ts";

/** The operations on an account's webhook endpoints. */
export function webhookRoutes(app: Hono<RequestVariables>, dependencies: WebhookDependencies): void {
  const admin = byKey(dependencies, "admin");
  app.post("/v1/webhooks", createWebhookRoute(admin, dependencies));
  app.get("/v1/webhooks", listWebhooksRoute(admin));
  app.put("/v1/webhooks/:id", changeWebhookRoute(admin, dependencies));
  app.delete("/v1/webhooks/:id", deleteWebhookRoute(admin));
  app.post("/v1/webhooks/:id/rotate", rotateWebhookRoute(admin, dependencies));
  app.get("/v1/webhooks/:id/deliveries", listDeliveriesRoute(admin));
  app.post("/v1/webhooks/:id/deliveries/:delivery/replay", replayDeliveryRoute(admin, dependencies));
  app.post("/v1/webhooks/:id/test", testWebhookRoute(admin, dependencies));
}
