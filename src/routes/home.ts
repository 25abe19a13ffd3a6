import type { Context } from "hono";

/** `GET /`: what this is, and where to look. */
export function homeRoute(context: Context): Response {
  return context.json({
    name: "Namesight",
    what: "A social-media post goes in; its named entities come out: type, visibility, boxes and masks.",
    recognize: "POST /v1/recognize",
    health: "GET /health",
  });
}
