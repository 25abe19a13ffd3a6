import type { DEFAULTS, LIMITS } from "../../schemas/limits.ts";
import { PROBLEMS } from "../../schemas/problem.ts";
import type { Described } from "../schema-comments.ts";

const HEADER = "<!-- Written by scripts/build-docs.ts; change schemas/ instead. -->";

/**
 * docs/limits.md: every limit and default with its comment.
 *
 * @throws when one has no comment
 */
export function limitsPage(
  limits: Readonly<Record<keyof typeof LIMITS, number>>,
  defaults: Readonly<Record<keyof typeof DEFAULTS, number>>,
  comments: ReadonlyMap<string, Described>,
): string {
  return `${HEADER}

# Limits and defaults

| limit | value | meaning |
| --- | ---: | --- |
${rows(limits, comments.get("LIMITS")).join("\n")}

| default | value | meaning |
| --- | ---: | --- |
${rows(defaults, comments.get("DEFAULTS")).join("\n")}
`;
}

function rows(table: Readonly<Record<string, number>>, comments: Described | undefined): string[] {
  return Object.entries(table).map(([key, value]) => {
    const meaning = comments?.fields.get(key)?.comment;
    if (!meaning) throw new Error(`schemas/limits.ts has no comment on ${key}`);
    return `| \`${key}\` | ${value.toLocaleString("en-US")} | ${meaning} |`;
  });
}

/** docs/problems.md: one section for each problem, by HTTP status. */
export function problemsPage(): string {
  const sections = Object.entries(PROBLEMS)
    .toSorted(([, a], [, b]) => a.status - b.status)
    .map(([code, { status, title, when, remedy, example }]) => {
      const where = status === 200 ? "An entry of an answer's `problems`; it never ends a request." : `HTTP ${status}.`;
      return `## ${code}\n\n**${title}.** ${where}\n\n${when} ${remedy}\n\n> ${example}\n`;
    });
  return `${HEADER}

# Problems

Errors are RFC 9457 documents (\`application/problem+json\`) with \`type\`, \`title\`, \`status\`, \`code\`, \`detail\`, \`request_id\` and, where
fields are wrong, \`errors\`: each with a JSON \`pointer\`, a \`detail\`, the \`limit\` and the \`value\`. \`type\` is the path of the problem's
page on the deployment itself. Programs should switch on \`code\`.

${sections.join("\n")}`;
}
