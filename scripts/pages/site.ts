import { DEFAULTS, LIMITS } from "../../schemas/limits.ts";
import type { Operation } from "../../schemas/operation.ts";
import { OPERATIONS } from "../../schemas/operations.ts";
import { PROBLEMS } from "../../schemas/problem.ts";

const SUMMARY = "Finds the named entities of social-media posts: their types, visibility, boxes and masks.";

/** The definition of `visible`, as the pages state it. */
const VISIBLE =
  "An entity is visible when the picture shows the entity itself or its printed name, for example on a shirt or a " +
  "poster. It is not visible when it was looked for, would have been found, and was not; otherwise this is undecided. " +
  "The decision comes from the post's text and from what the picture shows. It is never face recognition: a face " +
  "without other evidence does not tell who somebody is. Each region says why it is taken for the named one, and when " +
  "that is a guess, with its chance.";

/** The limits that callers meet most, in words. */
const CALLER_LIMITS = [
  `Text: at most ${number(LIMITS.textLength)} UTF-16 code units, or ${number(LIMITS.tokens)} tokens.`,
  `Picture: JPEG, PNG or WebP, at most ${LIMITS.picturePixels / 1e6} megapixels.`,
  `Picture as a multipart part or from an https address: at most ${mebibytes(LIMITS.uploadBytes)} MiB.`,
  `Picture inside JSON, as base64 or a data URL: at most ${mebibytes(LIMITS.inlineBytes)} MiB once decoded.`,
  `Entities: ${DEFAULTS.maxEntities} by default, at most ${LIMITS.entities} (max_entities).`,
  `Boxes in one request to /v1/segment: at most ${number(LIMITS.boxes)}.`,
  `Duration of a request: at most ${LIMITS.deadlineMs / 1000} seconds.`,
  `Links to masks and overlays expire after ${LIMITS.maskLinkSeconds / 3600} hours.`,
];

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function mebibytes(bytes: number): number {
  return bytes / 1024 / 1024;
}

const callable = OPERATIONS.filter(({ tag }) => ["recognition", "stages", "accounts", "webhooks"].includes(tag));
const title = ({ method, path }: Operation) => `${method.toUpperCase()} ${path}`;

/**
 * public/index.html: what a deployment serves at `/` and `/docs`. One file without scripts, pictures or links abroad.
 */
export function indexPage(): string {
  const item = (html: string) => `<li>${html}</li>`;
  const list = (items: readonly string[]) => `<ul>\n${items.map(item).join("\n")}\n</ul>`;
  const problems = Object.entries(PROBLEMS).map(
    ([code, kind]) => `<a href="/problems/${code}">${code}</a>: ${escapeHtml(kind.title)}`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Namesight</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
pre { overflow-x: auto; }
</style>
<h1>Namesight</h1>
<p>${escapeHtml(SUMMARY)}</p>
<pre><code>curl -s https://THIS-HOST/v1/recognize -F text='Eileen Collins in Houston' -F image=@picture.jpg</code></pre>
<h2>Operations</h2>
${list(callable.map((operation) => `<code>${title(operation)}</code>: ${escapeHtml(operation.summary)}`))}
<p>Contract: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). For language models: <a href="/llms.txt">/llms.txt</a>.
State of the models: <a href="/health">/health</a>.</p>
<h2>What "visible" means</h2>
<p>${escapeHtml(VISIBLE)}</p>
<h2>Limits</h2>
${list(CALLER_LIMITS.map(escapeHtml))}
<h2>Problems</h2>
<p>Errors are problem documents (RFC 9457). Each kind has a page.</p>
${list(problems)}
</html>
`;
}

/** public/llms.txt: the same for language models, in the form of llmstxt.org. */
export function llmsPage(): string {
  const link = (name: string, path: string, note: string) => `- [${name}](${path}): ${note}`;
  return `# Namesight

> ${SUMMARY} An HTTP API: send text and a picture, get JSON.

${VISIBLE}

Send \`POST /v1/recognize\` with JSON (\`{"text": "…", "image": "https://… or base64"}\`) or multipart/form-data (\`text\`, \`image\`). Offsets are
UTF-16 code units unless \`offset_encoding\` says \`utf-8\`, \`code-point\` or, with \`tokens\`, \`token\`. Boxes are pixels of the upright picture. Masks are COCO RLE, polygons with holes, or COCO's polygons (\`masks\`).

## Contract

${link("OpenAPI 3.1", "/openapi.json", "every operation, field and example")}
${link("MCP", "/mcp/server-card", "POST /mcp has recognition and segmentation as tools")}

## Operations

${callable.map((operation) => link(title(operation), "/openapi.json", `${operation.summary}.`)).join("\n")}

## Limits

${CALLER_LIMITS.map((limit) => `- ${limit}`).join("\n")}

## Problems

${Object.entries(PROBLEMS)
  .map(([code, kind]) => link(code, `/problems/${code}`, `${kind.title}.`))
  .join("\n")}

## Optional

${link("Health", "/health", "the configured models and how their last calls ended")}
`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
