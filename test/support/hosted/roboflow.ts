import { type Exchange, json, type Protocol, replyOf } from "./exchange.ts";

interface Asked {
  readonly image?: { readonly type?: unknown; readonly value?: unknown };
  readonly prompts?: { readonly prompts?: ReadonlyArray<{ readonly box?: Readonly<Record<string, unknown>> }> };
}

/** Roboflow's Inference (roboflow/inference 0.64): `POST /sam3/visual_segment`, with the key in either place. */
export const roboflow: Protocol = {
  operationOf(method, path) {
    if (!path.startsWith("/roboflow/")) return null;
    return method === "POST" && path === "/roboflow/sam3/visual_segment" ? "roboflow" : "roboflow.other";
  },

  answer({ session, operation, headers, query, body }: Exchange) {
    if (operation === "roboflow.other") return json(404, { detail: "Not Found" });
    if (!/^Bearer \S+$/.test(headers.authorization ?? "") && !query.get("api_key"))
      return json(401, { message: "Unauthorized access to roboflow API - check API key." });
    const { image, prompts } = (body ?? {}) as Asked;
    if ((image?.type !== "url" && image?.type !== "base64") || typeof image.value !== "string")
      return json(422, { detail: [{ loc: ["body", "image"], msg: "Field required", type: "missing" }] });
    const boxes = prompts?.prompts ?? [];
    const isBox = (box: Readonly<Record<string, unknown>> = {}) =>
      ["x", "y", "width", "height"].every((name) => typeof box[name] === "number");
    if (boxes.length === 0 || !boxes.every(({ box }) => isBox(box)))
      return json(422, { detail: [{ loc: ["body", "prompts"], msg: "Field required", type: "missing" }] });
    const reply = replyOf(session, "roboflow sam3");
    return reply === undefined ? json(404, { message: "no such model" }) : json(200, reply);
  },
};
