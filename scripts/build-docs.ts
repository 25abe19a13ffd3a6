/**
 * Writes the generated documents: from `schemas/`, docs/limits.md, docs/problems.md, docs/reference/api.md and the
 * pages in public/; from the model files, docs/models.md and docs/prices.md; from scripts/pages/fault-matrix.ts,
 * docs/faults.md; from the price table and the plans, docs/pricing.md. With `--check` it writes nothing and fails when
 * one is not up to date.
 */
import { readFile } from "node:fs/promises";
import { DEFAULTS, LIMITS } from "../schemas/limits.ts";
import { writeGenerated } from "./generated.ts";
import { apiPage, type OpenApiDocument } from "./pages/api.ts";
import { faultsPage } from "./pages/faults.ts";
import { modelsPage } from "./pages/models.ts";
import { pricesPage } from "./pages/prices.ts";
import { pricingPage } from "./pages/pricing.ts";
import { indexPage, llmsPage } from "./pages/site.ts";
import { limitsPage, problemsPage } from "./pages/tables.ts";
import { readComments } from "./schema-comments.ts";

const root = new URL("../", import.meta.url);
const comments = await readComments(new URL("schemas/limits.ts", root));
const openApi = JSON.parse(await readFile(new URL("schemas/openapi.json", root), "utf8")) as OpenApiDocument;

await writeGenerated(
  {
    "docs/faults.md": faultsPage(),
    "docs/limits.md": limitsPage(LIMITS, DEFAULTS, comments),
    "docs/models.md": modelsPage(),
    "docs/prices.md": pricesPage(),
    "docs/pricing.md": pricingPage(await readComments(new URL("schemas/prices.ts", root))),
    "docs/problems.md": problemsPage(),
    "docs/reference/api.md": `<!-- Written by scripts/build-docs.ts; change schemas/ instead. -->\n\n${apiPage(openApi)}`,
    "public/index.html": indexPage(),
    "public/llms.txt": llmsPage(),
  },
  "npm run docs",
);
