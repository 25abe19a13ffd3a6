import { type Exchange, json, type Protocol, replyOf } from "./exchange.ts";

/**
 * An inference endpoint: `GET /health`, and any other route by POST. A body is `{inputs, parameters}` as JSON, or a
 * picture's bytes. Every error is a 400 with `{"error"}` (docs/reference/hosted-models.md, "Hugging Face").
 */
export const huggingFace: Protocol = {
  operationOf: (_, path) => (path.startsWith("/huggingface") ? "huggingface" : null),

  answer({ session, method, path, headers, body, bytes }: Exchange) {
    const route = path.slice("/huggingface".length);
    if (method === "GET" && route === "/health") return json(200, { status: "ok" });
    if (method !== "POST") return json(405, { error: "only POST is served here" });
    const picture = /^image\/|^application\/octet-stream/.test(headers["content-type"] ?? "") && bytes.length > 0;
    if (!picture && (typeof body !== "object" || body === null || !("inputs" in body))) {
      return json(400, { error: "the body has no inputs" });
    }
    const reply = replyOf(session, `huggingface ${route}`);
    return reply === undefined ? json(404, { error: `there is no model at "${route}"` }) : json(200, reply);
  },
};
