import { env, tracing } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { readBindings } from "./bindings.ts";
import { createTrace } from "./observe/tracing.ts";

export { Account } from "./accounts/account.ts";
export { Attempt } from "./webhooks/attempt.ts";

export default createApp(readBindings(env, { trace: createTrace(tracing) })) satisfies ExportedHandler<Env>;
