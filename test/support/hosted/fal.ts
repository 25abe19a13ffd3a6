import { type Answer, type Exchange, json, type Protocol, replyOf } from "./exchange.ts";
import { falKeySet, signFal } from "./fal-webhook.ts";

const RUN = /^\/fal\/run\/(?<model>[\w-]+\/[\w./-]+)$/;
const SUBMIT = /^\/fal\/queue\/(?<model>[\w-]+\/[\w./-]+)$/;
const REQUEST = /^\/fal\/queue\/(?<app>[\w-]+\/[\w.-]+)\/requests\/(?<id>[\w-]+)(?<rest>\/status|\/cancel)?$/;

/**
 * fal's two endpoints and its keys (fal.ai/docs/model-apis, November 2026): `fal/run` answers a call, `fal/queue` takes
 * it and is polled, and `fal/jwks` has the keys that sign its callbacks. A request of the queue is kept under the owner
 * and the name of its app alone.
 */
export const fal: Protocol = {
  operationOf(method, path) {
    if (!path.startsWith("/fal/")) return null;
    if (path === "/fal/jwks") return "fal.jwks";
    if (method === "POST" && RUN.test(path)) return "fal";
    const { rest = "" } = REQUEST.exec(path)?.groups ?? {};
    if (REQUEST.test(path)) {
      if (method === "GET") return rest === "/status" ? "fal.status" : rest === "" ? "fal.response" : "fal.other";
      return method === "PUT" && rest === "/cancel" ? "fal.cancel" : "fal.other";
    }
    return method === "POST" && SUBMIT.test(path) ? "fal.submit" : "fal.other";
  },

  async answer(exchange) {
    const { operation, headers, path } = exchange;
    if (operation === "fal.jwks") return json(200, await falKeySet());
    if (!/^Key \S+$/.test(headers.authorization ?? "")) return json(401, { detail: "Cannot access application" });
    if (operation === "fal") return run(exchange, RUN.exec(path)?.groups?.model ?? "");
    if (operation === "fal.submit") return submit(exchange, SUBMIT.exec(path)?.groups?.model ?? "");
    const { id = "" } = REQUEST.exec(path)?.groups ?? {};
    const request = exchange.session.predictions.get(id);
    if (!request || operation === "fal.other") return json(404, { detail: "Request not found" });
    if (operation === "fal.status") return status(exchange, request.status, id);
    if (operation === "fal.cancel") {
      if (request.status === "COMPLETED") return json(400, { status: "ALREADY_COMPLETED" });
      exchange.session.predictions.set(id, { ...request, status: "CANCELED" });
      return json(202, { status: "CANCELLATION_REQUESTED" });
    }
    return request.status === "COMPLETED"
      ? json(200, request.payload)
      : json(400, { detail: "Request is still in progress" });
  },
};

function run({ session, body }: Exchange, model: string): Answer {
  const missing = missingField(body);
  if (missing) return missing;
  const reply = replyOf(session, `fal ${model}`);
  return reply === undefined ? json(404, { detail: `Application "${model}" not found` }) : json(200, reply);
}

/** The fields that every model here requires; pydantic's form of an error. */
function missingField(body: unknown): Answer | null {
  const { image_url } = (body ?? {}) as { image_url?: unknown };
  if (typeof image_url === "string") return null;
  return json(422, { detail: [{ loc: ["body", "image_url"], msg: "Field required", type: "missing" }] });
}

async function submit(exchange: Exchange, model: string): Promise<Answer> {
  const { session, query, base } = exchange;
  const answer = run(exchange, model);
  if (answer.status !== 200) return answer;
  const id = `q${session.predictions.size + 1}`;
  const payload = JSON.parse(String(answer.body)) as unknown;
  session.predictions.set(id, { id, status: "COMPLETED", payload });
  const url = query.get("fal_webhook");
  for (const delivery of (url && session.script.falCallbacks?.deliveries) || []) {
    const error = { error: "Invalid status code: 422", payload: { detail: [{ type: "value_error" }] } };
    const ended = delivery.status === "ERROR" ? error : { error: null, payload };
    const text = JSON.stringify({ request_id: id, gateway_request_id: id, status: delivery.status ?? "OK", ...ended });
    const timestamp = (session.script.falCallbacks?.now ?? 0) - (delivery.age ?? 0);
    const headers = await signFal({ requestId: id, timestamp, body: text, forged: delivery.forged ?? false });
    session.deliveries.push({ url: url ?? "", headers, body: text });
  }
  const requestUrl = `${base}/fal/queue/${model.split("/").slice(0, 2).join("/")}/requests/${id}`;
  return json(200, {
    request_id: id,
    response_url: requestUrl,
    status_url: `${requestUrl}/status`,
    cancel_url: `${requestUrl}/cancel`,
    queue_position: 0,
  });
}

/** 202 while a request waits or runs. A fault shows it so. */
function status({ fault }: Exchange, real: string, id: string): Answer {
  const shown = fault.kind === "prediction" ? fault.status : real;
  return json(shown === "COMPLETED" ? 200 : 202, { status: shown, request_id: id });
}
