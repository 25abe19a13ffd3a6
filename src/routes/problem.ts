import type { Context } from "hono";
import { PROBLEMS, ProblemError } from "../../schemas/problem.ts";

/** `GET /problems/{code}`: the page to which the `type` of a problem document points. */
export function problemRoute(context: Context): Response {
  const code = context.req.param("code") ?? "";
  const kind = Object.entries(PROBLEMS).find(([known]) => known === code)?.[1];
  if (!kind) throw new ProblemError("not_found", `There is no problem called ${code}.`);
  const { title, when, remedy, example } = kind;
  const status = kind.status === 200 ? "stands in an answer and never ends a request" : `HTTP ${kind.status}`;
  const text = `# ${title}\n\n\`${code}\`: ${status}.\n\n${when}\n\n${remedy}\n\nFor example: ${example}\n`;
  return context.body(text, 200, {
    "Content-Type": "text/markdown; charset=utf-8",
    "Cache-Control": "public, max-age=3600",
  });
}
