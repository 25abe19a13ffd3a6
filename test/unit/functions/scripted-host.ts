import { Admission } from "../../../functions/admission.ts";
import { createFunctionsApp, createHosts } from "../../../functions/app.ts";
import type { StageFunction } from "../../../functions/stage-function.ts";
import { Webhooks } from "../../../functions/webhook.ts";
import { Prediction } from "../../../schemas/cog.ts";

export type Run = StageFunction<"mner">["run"];
export const nothingFound: Run = async () => ({ model: "scripted", version: "1", mentions: [], problems: [] });

/** Where `scripted` delivers events. */
export const WEBHOOK = "http://127.0.0.1:9/hook";

/**
 * An app whose mner stage is `run`; every other stage is still starting. `deliveries` has what was sent to webhooks,
 * which answer `webhookStatus`.
 */
export function scripted(run: Run = nothingFound, webhookStatus: () => number = () => 200) {
  const deliveries: Array<{ url: string; prediction: Prediction }> = [];
  const waits: number[] = [];
  const admission = new Admission();
  const webhooks = new Webhooks({
    origins: [new URL(WEBHOOK).origin],
    timeoutMs: 10_000,
    fetch: async (url, init) => {
      deliveries.push({ url: String(url), prediction: Prediction.parse(JSON.parse(String(init?.body))) });
      return new Response(null, { status: webhookStatus() });
    },
    wait: async (milliseconds) => waits.push(milliseconds),
  });
  const hosts = createHosts(admission, webhooks);
  hosts.mner.ready({ name: "mner", model: "scripted", version: "1", run });
  const app = createFunctionsApp(hosts, admission);
  const post = (body: unknown, headers: Record<string, string> = {}, path = "/mner/predictions", method = "POST") =>
    app.request(path, {
      method,
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });
  return { app, admission, hosts, post, deliveries, waits };
}

/** A stage that runs until `release` is called or its signal aborts; `begun` resolves when it starts. */
export function held() {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begin: (signal: AbortSignal) => void = () => undefined;
  const begun = new Promise<AbortSignal>((resolve) => {
    begin = resolve;
  });
  const run: Run = async (input, context) => {
    begin(context.signal);
    await Promise.race([
      released,
      new Promise((_, reject) => context.signal.addEventListener("abort", () => reject(context.signal.reason))),
    ]);
    return nothingFound(input, context);
  };
  return { run, begun, release };
}

export const input = { text: "Eileen Collins" };
