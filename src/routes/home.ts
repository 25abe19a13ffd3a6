import type { Context } from "hono";
import { negotiate } from "../middleware/accept.ts";
import { docsRoute } from "./docs.ts";

const DESCRIPTION = {
  name: "Namesight",
  what: "Finds the named entities of social-media posts: their types, visibility, boxes and masks.",
  recognize: "POST /v1/recognize",
  health: "GET /health",
  docs: "GET /docs",
  openapi: "GET /openapi.json",
};

/** `GET /`: the page of `/docs` when `Accept` names HTML, as browsers do; otherwise a short JSON description. */
export function homeRoute(context: Context): Response {
  const accept = context.req.header("accept") ?? "";
  context.header("Vary", "Accept", { append: true });
  const html = /\btext\/html\b/i.test(accept) && negotiate(accept, ["application/json", "text/html"]) === "text/html";
  return html ? docsRoute(context) : context.json(DESCRIPTION);
}
