import { type Exchange, json, type Protocol, replyOf } from "./exchange.ts";

/**
 * The part of `/chat/completions` that all hosts share (docs/reference/hosted-models.md, "Chat endpoints"), and of
 * `/embeddings` ("Embeddings").
 */
export const chat: Protocol = {
  operationOf(method, path) {
    if (method !== "POST") return null;
    if (path.endsWith("/embeddings")) return "embeddings";
    return path.endsWith("/chat/completions") ? "chat" : null;
  },

  answer(exchange: Exchange) {
    const { session, body } = exchange;
    if (exchange.path.endsWith("/embeddings")) return embeddings(exchange);
    const { model, messages, logprobs, top_logprobs, response_format } = (body ?? {}) as Record<string, unknown>;
    if (typeof model !== "string") return refuse("model", "you must provide a model parameter");
    if (!Array.isArray(messages) || messages.length === 0) return refuse("messages", "at least one message is needed");
    if (top_logprobs !== undefined && logprobs !== true)
      return refuse("top_logprobs", "top_logprobs is allowed only where logprobs is true");
    const format = response_format as { type?: string; json_schema?: { name?: unknown; schema?: unknown } } | undefined;
    if (
      format?.type === "json_schema" &&
      (typeof format.json_schema?.name !== "string" || !format.json_schema.schema)
    ) {
      return refuse("response_format.json_schema", "a name and a schema are needed");
    }
    const reply = replyOf(session, `chat ${model}`);
    return reply === undefined
      ? json(404, {
          error: {
            message: `the model ${model} does not exist`,
            type: "invalid_request_error",
            param: "model",
            code: null,
          },
        })
      : json(200, reply);
  },
};

function embeddings({ session, body }: Exchange) {
  const { model, input } = (body ?? {}) as Record<string, unknown>;
  if (typeof model !== "string") return refuse("model", "you must provide a model parameter");
  const texts = Array.isArray(input) ? input : [];
  if (texts.length === 0 || !texts.every((text) => typeof text === "string"))
    return refuse("input", "a string or an array of strings is needed");
  const reply = replyOf(session, `embeddings ${model}`);
  return reply === undefined ? refuse("model", `the model ${model} does not exist`) : json(200, reply);
}

function refuse(param: string, message: string) {
  return json(400, { error: { message, type: "invalid_request_error", param, code: null } });
}
