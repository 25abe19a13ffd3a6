import { type Exchange, json, type Protocol, replyOf } from "./exchange.ts";

const SKILL = /^\/moondream\/v1\/(?<skill>caption|query|detect|segment)$/;
/** The field that a skill requires beside the picture. */
const FIELDS: Readonly<Record<string, string>> = { query: "question", detect: "object", segment: "object" };

/** Moondream's own API (docs.moondream.ai/skills, November 2026). */
export const moondream: Protocol = {
  operationOf(method, path) {
    if (!path.startsWith("/moondream/")) return null;
    return method === "POST" && SKILL.test(path) ? "moondream" : "moondream.other";
  },

  answer({ session, operation, headers, path, body }: Exchange) {
    if (operation === "moondream.other") return json(404, { error: { message: "Not found" } });
    if (!/^\S+$/.test(headers["x-moondream-auth"] ?? "")) return json(401, { error: { message: "Invalid API key" } });
    const { skill = "" } = SKILL.exec(path)?.groups ?? {};
    const asked = (body ?? {}) as Record<string, unknown>;
    if (!/^data:image\/[a-z]+;base64,/.test(String(asked.image_url)))
      return json(400, { error: { message: "image_url must be a data URL" } });
    const field = FIELDS[skill];
    if (field && typeof asked[field] !== "string") return json(400, { error: { message: `${field} is required` } });
    // Streaming is the default of some skills, and is not spoken here.
    if (skill !== "detect" && asked.stream !== false) return json(400, { error: { message: "stream must be false" } });
    const reply = replyOf(session, `moondream ${skill}`);
    return reply === undefined ? json(404, { error: { message: "Not found" } }) : json(200, reply);
  },
};
