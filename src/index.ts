import { env } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { readBindings } from "./bindings.ts";

export { Attempt } from "./webhooks/attempt.ts";

export default createApp(readBindings(env)) satisfies ExportedHandler<Env>;
