import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleModules } from "../../scripts/bundle.ts";
import { durableObjectsOf, readWranglerConfig } from "../../scripts/configuration.ts";
import { sharedBundle } from "./shared-bundle.ts";

/** The Worker as it would be deployed: its bundle inside workerd, reached over real sockets. */
export interface Edge {
  readonly miniflare: Miniflare;
  readonly url: URL;
  stop(): Promise<void>;
}

export interface EdgeOptions {
  /** Where `cog:local/…` entries find their models. */
  readonly endpoint?: string;
  /** Variables and secrets that override the defaults. */
  readonly variables?: Readonly<Record<string, string>>;
  /** A free port, for tests whose variables contain it. */
  readonly port?: number;
  /** Answers in place of the internet, this machine included. */
  readonly outbound?: (request: Request) => Promise<Response>;
}

export async function startEdge({
  endpoint = "http://127.0.0.1:1",
  variables = {},
  port = 0,
  outbound,
}: EdgeOptions): Promise<Edge> {
  const out = sharedBundle();
  const stages = ["PICTURE", "MNER", "EXPANSION", "ENTAILMENT", "GROUNDING", "SEGMENTATION"];
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      port,
      ...(outbound ? { outboundService: outbound as never } : {}),
      modules: bundleModules(out),
      modulesRoot: out,
      compatibilityDate: "2026-10-01",
      compatibilityFlags: ["enable_request_signal", "global_fetch_strictly_public"],
      kvNamespaces: ["EXPANSIONS"],
      r2Buckets: ["MASKS", "PICTURES"],
      images: { binding: "IMAGES" },
      durableObjects: durableObjectsOf(readWranglerConfig("wrangler.toml")),
      ratelimits: { KEY_RATE: rateOf("1501"), ADDRESS_RATE: rateOf("1502") },
      bindings: {
        ...Object.fromEntries(stages.map((stage) => [stage, `cog:local/${stage.toLowerCase()}`])),
        CAPTION: "",
        ENVIRONMENT: "local",
        ENDPOINT_LOCAL: endpoint,
        PUBLIC_URL: "http://127.0.0.1:1",
        LINK_SIGNING_KEY: "test",
        ...variables,
      },
    }),
  );
  return { miniflare, url: await miniflare.ready, stop: () => miniflare.dispose() };
}

function rateOf(namespace: string) {
  return { namespace_id: namespace, simple: { limit: 6_000, period: 60 as const } };
}

/** Models on a real socket; `answer` is called with every prediction. */
export async function startModels(
  answer: (stage: string, request: IncomingMessage, response: ServerResponse, input: Record<string, unknown>) => void,
): Promise<{ endpoint: string; server: Server }> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const stage = /^\/([\w-]+)\/predictions$/.exec(request.url ?? "")?.[1];
      if (stage !== undefined) return answer(stage, request, response, JSON.parse(body).input);
      // It knows no admissions.
      response.statusCode = 404;
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  return { endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, server };
}

/** Answers a prediction with this output. */
export function succeed(response: ServerResponse, output: object): void {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ status: "succeeded", output: { model: "scripted", version: "1", ...output } }));
}
