/**
 * Writes the generated documents: from `schemas/`, docs/limits.md, docs/problems.md, docs/reference/api.md and the
 * pages in public/; from the model files, docs/models.md. With `--check` it writes nothing and fails when one is not up
 * to date.
 */
import { readFile } from "node:fs/promises";
import { DEFAULTS, LIMITS } from "../schemas/limits.ts";
import { writeGenerated } from "./generated.ts";
import { formatMarkdown, listModels } from "./models/list.ts";
import { apiPage, type OpenApiDocument } from "./pages/api.ts";
import { indexPage, llmsPage } from "./pages/site.ts";
import { limitsPage, problemsPage } from "./pages/tables.ts";
import { readComments } from "./schema-comments.ts";

const root = new URL("../", import.meta.url);
const comments = await readComments(new URL("schemas/limits.ts", root));
const openApi = JSON.parse(await readFile(new URL("schemas/openapi.json", root), "utf8")) as OpenApiDocument;

const models = `<!-- Written by scripts/build-docs.ts; change the cards in src/stages/ instead. -->

# Models

The names that a stage's chain may list: \`provider/model\`, with \`@version\` after it where there is one, or \`provider:alias/model\` for your
own host (\`ENDPOINT_<ALIAS>\`). \`NAME\` is any name, and \`…\` the rest of one. If two models serve a name, the first is used. \`npm run models\`
prints the same list. \`npm run models -- check\` compares the Replicate versions in wrangler.toml with their live schemas. [deploy.md](deploy.md)
explains how to put a chain together.

- *picture*: \`link\` when the model follows a link to the picture, \`data\` when it gets the bytes, \`none\` when it gets no picture.
- *a call costs at most*: \`depends\` when the host sets the price. Prices were read on the date beside them.

${formatMarkdown(listModels())}`;

await writeGenerated(
  {
    "docs/limits.md": limitsPage(LIMITS, DEFAULTS, comments),
    "docs/models.md": models,
    "docs/problems.md": problemsPage(),
    "docs/reference/api.md": `<!-- Written by scripts/build-docs.ts; change schemas/ instead. -->\n\n${apiPage(openApi)}`,
    "public/index.html": indexPage(),
    "public/llms.txt": llmsPage(),
  },
  "npm run docs",
);
