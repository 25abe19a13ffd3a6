import { env } from "cloudflare:workers";
import { createApp } from "./app.ts";
import { readBindings } from "./bindings.ts";

export default createApp(readBindings(env)) satisfies ExportedHandler<Env>;
