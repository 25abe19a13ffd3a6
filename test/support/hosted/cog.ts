import { type Answer, type Exchange, json, type Prediction, type Protocol, replyOf } from "./exchange.ts";

const ROUTE = /^\/cog\/(?<model>[^/]+)(?<rest>\/.*)?$/;

/**
 * Cog containers, one below each model's name, with the routes of Cog (replicate/cog 0.22, docs/http.md). Cog
 * has no route to get a prediction.
 */
export const cog: Protocol = {
  operationOf(method, path) {
    const rest = ROUTE.exec(path)?.groups?.rest ?? "";
    if (!path.startsWith("/cog/")) return null;
    if (method === "POST" && rest === "/predictions") return "cog";
    if (method === "PUT" && /^\/predictions\/[^/]+$/.test(rest)) return "cog";
    return method === "POST" && rest.endsWith("/cancel") ? "cog.cancel" : "cog.other";
  },

  answer(exchange: Exchange) {
    const { model = "", rest = "" } = ROUTE.exec(exchange.path)?.groups ?? {};
    const { session, operation, method } = exchange;
    if (operation === "cog") return predict(exchange, model, /^\/predictions\/([^/]+)$/.exec(rest)?.[1]);
    if (operation === "cog.cancel") {
      const id = rest.split("/").at(-2) ?? "";
      const prediction = session.predictions.get(id);
      if (prediction?.status !== "processing") return json(404, {});
      session.predictions.set(id, { ...prediction, status: "canceled" });
      return json(200, {});
    }
    if (method === "GET" && rest === "/health-check")
      return json(200, { status: "READY", setup: { status: "succeeded", logs: "" } });
    if (method === "GET" && rest === "/openapi.json") {
      const schema = session.script.models?.[model]?.versions[0]?.openapi_schema;
      return schema ? json(200, schema) : json(503, { detail: "there is no schema yet" });
    }
    if (method === "GET" && rest === "/")
      return json(200, { openapi_url: "/openapi.json", predictions_url: "/predictions" });
    return json(404, { detail: "there is no such route here" });
  },
};

function predict({ session, headers, body, fault }: Exchange, model: string, chosen: string | undefined): Answer {
  const asked = body as { id?: string; input?: Record<string, unknown> } | null;
  if (typeof asked !== "object" || asked === null || (asked.input !== undefined && typeof asked.input !== "object")) {
    return json(422, { detail: [{ loc: ["body"], msg: "must be an object with an input", type: "value_error" }] });
  }
  if (chosen !== undefined && asked.id !== undefined && asked.id !== chosen) {
    return json(422, { detail: [{ loc: ["body", "id"], msg: "must be the one of the path", type: "value_error" }] });
  }
  const id = chosen ?? asked.id ?? `c${session.predictions.size + 1}`;
  const running = session.predictions.get(id);
  if (running?.status === "processing") return json(202, running);
  if (fault.kind !== "prediction" && /(?:^|,)\s*respond-async\b/.test(headers.prefer ?? "")) {
    const started = { id, status: "processing", input: asked.input, output: null };
    session.predictions.set(id, started);
    return json(202, { ...started, status: "starting" });
  }
  const output = fault.kind === "prediction" ? null : replyOf(session, `cog ${model}`);
  if (output === undefined) return json(404, { detail: `there is no model called ${model}` });
  const shown = fault.kind === "prediction" ? { status: fault.status, ...fault.fields } : {};
  const prediction: Prediction = {
    id,
    input: asked.input,
    output,
    logs: "",
    status: "succeeded",
    metrics: { predict_time: 0.1 },
    ...shown,
  };
  session.predictions.set(id, prediction);
  return json(200, prediction);
}
