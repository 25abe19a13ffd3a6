import { type Answer, type Exchange, json, type Protocol } from "./exchange.ts";
import { createFile, fileRoute, listFiles } from "./replicate-files.ts";
import { modelRoute } from "./replicate-models.ts";
import { cancelPrediction, createPrediction, getPrediction, listPredictions } from "./replicate-predictions.ts";
import { detail } from "./replicate-problem.ts";

type Handler = (exchange: Exchange, ...parts: string[]) => Answer | Promise<Answer>;

const ROOT = "/replicate/v1";

/** The routes of Replicate's HTTP API, version 1, that are served (docs/reference/hosted-models.md, "Replicate"). */
const ROUTES: readonly (readonly [operation: string, method: string, path: RegExp, handler: Handler])[] = [
  ["replicate.create", "POST", /^\/predictions$/, (exchange) => createPrediction(exchange, null)],
  [
    "replicate.create",
    "POST",
    /^\/models\/([^/]+\/[^/]+)\/predictions$/,
    (exchange, name) => createPrediction(exchange, { model: name }),
  ],
  [
    "replicate.create",
    "POST",
    /^\/deployments\/([^/]+\/[^/]+)\/predictions$/,
    (exchange, name) => createPrediction(exchange, { deployment: name }),
  ],
  ["replicate.list", "GET", /^\/predictions$/, listPredictions],
  ["replicate.get", "GET", /^\/predictions\/([^/]+)$/, getPrediction],
  ["replicate.cancel", "POST", /^\/predictions\/([^/]+)\/cancel$/, cancelPrediction],
  ["replicate.files.create", "POST", /^\/files$/, createFile],
  ["replicate.files.list", "GET", /^\/files$/, listFiles],
  ["replicate.files.get", "GET", /^\/files\/([^/]+)$/, fileRoute],
  ["replicate.files.delete", "DELETE", /^\/files\/([^/]+)$/, fileRoute],
  ["replicate.webhooks.secret", "GET", /^\/webhooks\/default\/secret$/, webhookSecret],
  ["replicate.models", "GET", /^\/models\/([^/]+\/[^/]+)(\/versions(?:\/([^/]+))?)?$/, modelRoute],
];

export const replicate: Protocol = {
  operationOf: (method, path) =>
    path.startsWith(`${ROOT}/`) ? (find(method, path)?.[0] ?? "replicate.unknown") : null,

  answer(exchange) {
    if (!/^Bearer \S+$/.test(exchange.headers.authorization ?? ""))
      return detail(401, "You did not pass a token", "Unauthenticated");
    const route = find(exchange.method, exchange.path);
    if (!route) return detail(404, "The requested resource could not be found.", "Not found");
    const [, ...parts] = route[2].exec(exchange.path.slice(ROOT.length)) ?? [];
    return route[3](exchange, ...parts);
  },
};

function find(method: string, path: string) {
  return ROUTES.find(([, verb, pattern]) => verb === method && pattern.test(path.slice(ROOT.length)));
}

function webhookSecret({ session }: Exchange): Answer {
  const key = session.script.webhooks?.secret;
  return key ? json(200, { key }) : detail(404, "The account has no secret.", "Not found");
}
