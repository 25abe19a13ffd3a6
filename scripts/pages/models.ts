import { formatMarkdown, listModels } from "../models/list.ts";

/** docs/models.md: what a stage's chain may list, from the cards of the model files. */
export function modelsPage(): string {
  return `<!-- Written by scripts/build-docs.ts; change the cards in src/stages/ instead. -->

# Models

The names that a stage's chain may list: \`provider/model\`, with \`@version\` after it where there is one, or \`provider:alias/model\` for your
own host (\`ENDPOINT_<ALIAS>\`). \`NAME\` is any name, and \`…\` the rest of one. If two models serve a name, the first is used. \`npm run models\`
prints the same list. \`npm run models -- check\` compares the Replicate versions in wrangler.toml with their live schemas. [deploy.md](deploy.md)
explains how to put a chain together.

- *picture*: \`link\` when the model follows a link to the picture, \`data\` when it gets the bytes, \`none\` when it gets no picture.
- *a call costs at most*: \`depends\` when the host sets the price. Prices were read on the date beside them.

${formatMarkdown(listModels())}`;
}
