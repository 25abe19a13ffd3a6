/**
 * Serve the model stages over HTTP. HOST and PORT choose the address (127.0.0.1:8788). The port opens at once and
 * answers 503 until the weights are loaded, as a Cog container does.
 */
import { serve } from "@hono/node-server";
import { Admission } from "./admission.ts";
import { createFunctionsApp, createHosts } from "./app.ts";
import { allowedHosts, listOf } from "./guard.ts";
import { PictureStore } from "./pictures.ts";
import { FUNCTION_STAGES } from "./stage-function.ts";
import { LOADERS } from "./stages.ts";
import { realWebhooks } from "./webhook.ts";

/**
 * Node closes a connection whose headers or body do not come in this time, in milliseconds (408). How often it looks is
 * the last.
 */
const SERVER_OPTIONS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

const hostname = process.env.HOST ?? "127.0.0.1";
const port = Number(process.env.PORT ?? 8788);
const megabytes = () => Math.round(process.memoryUsage().rss / 1e6);

const admission = new Admission();
const hosts = createHosts(admission, realWebhooks(listOf(process.env.WEBHOOK_ORIGINS)));
const app = createFunctionsApp(hosts, admission, allowedHosts(process.env));
const server = serve({ fetch: app.fetch, hostname, port, serverOptions: SERVER_OPTIONS });
server.once("error", (error: NodeJS.ErrnoException) => {
  console.error(error.code === "EADDRINUSE" ? `port ${port} is already in use; PORT chooses another` : error.message);
  process.exit(1);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close();
    process.exit(0);
  });
}

const started = performance.now();
const pictures = new PictureStore();
for (const name of FUNCTION_STAGES) {
  const [begun, before] = [performance.now(), megabytes()];
  try {
    const stage = await LOADERS[name](pictures);
    hosts[name].ready(stage);
    const ms = Math.round(performance.now() - begun);
    console.log(`${name}: ${stage.model} ${stage.version}, ${ms} ms, ${megabytes() - before} MB`);
  } catch (error) {
    hosts[name].ready(error instanceof Error ? error : new Error(String(error)));
    console.error(`${name}: not loaded: ${error instanceof Error ? error.message : error}`);
  }
}
console.log(
  `functions ready on http://${hostname}:${port}: ${Math.round(performance.now() - started)} ms, ${megabytes()} MB`,
);
