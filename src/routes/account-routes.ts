import type { Hono } from "hono";
import type { RequestVariables } from "../middleware/request-id.ts";
import { type AccountDependencies, byKey, byOperator } from "./account-request.ts";
import { balanceRoute } from "./balance.ts";
import { createAccountRoute } from "./create-account.ts";
import { createKeyRoute } from "./create-key.ts";
import { creditAccountRoute } from "./credit-account.ts";
import { deleteAccountRoute } from "./delete-account.ts";
import { listKeysRoute } from "./list-keys.ts";
import { planRoute } from "./plan.ts";
import { revenueRoute } from "./revenue.ts";
import { revokeKeyRoute } from "./revoke-key.ts";
import { rotateKeyRoute } from "./rotate-key.ts";
import { setSettingsRoute, settingsRoute } from "./settings.ts";
import { usageRoute } from "./usage.ts";

/** The operations on accounts: for keys of the account, and for the operator, who names the account in the path. */
export function accountRoutes(app: Hono<RequestVariables>, dependencies: AccountDependencies): void {
  const [anyKey, admin] = [byKey(dependencies, null), byKey(dependencies, "admin")];
  const operator = byOperator(dependencies);

  app.get("/v1/balance", balanceRoute(anyKey));
  app.get("/v1/settings", settingsRoute(admin));
  app.put("/v1/settings", setSettingsRoute(admin, dependencies));
  app.get("/v1/usage", usageRoute(admin));
  app.get("/v1/keys", listKeysRoute(admin));
  app.post("/v1/keys", createKeyRoute(admin, dependencies));
  app.post("/v1/keys/:id/rotate", rotateKeyRoute(admin, dependencies));
  app.delete("/v1/keys/:id", revokeKeyRoute(admin));

  app.get("/operator/revenue", revenueRoute(dependencies));
  app.post("/operator/accounts", createAccountRoute(dependencies));
  app.delete("/operator/accounts/:account", deleteAccountRoute(dependencies));
  app.get("/operator/accounts/:account/balance", balanceRoute(operator));
  app.get("/operator/accounts/:account/settings", settingsRoute(operator));
  app.put("/operator/accounts/:account/settings", setSettingsRoute(operator, dependencies));
  app.get("/operator/accounts/:account/usage", usageRoute(operator));
  app.put("/operator/accounts/:account/plan", planRoute(operator, dependencies));
  app.post("/operator/accounts/:account/credit", creditAccountRoute(operator, dependencies));
  app.get("/operator/accounts/:account/keys", listKeysRoute(operator));
  app.post("/operator/accounts/:account/keys", createKeyRoute(operator, dependencies));
  app.post("/operator/accounts/:account/keys/:id/rotate", rotateKeyRoute(operator, dependencies));
  app.delete("/operator/accounts/:account/keys/:id", revokeKeyRoute(operator));
}
