import { toUsd } from "../../schemas/money.ts";
import { priceInWords } from "../../src/stages/prices/price.ts";
import { PRICES } from "../../src/stages/prices/table.ts";

/** docs/prices.md: every price that is known, with its source, from `src/stages/prices/table.ts`. */
export function pricesPage(): string {
  const rows = PRICES.map(({ entries, price, note = "", source, date }) => {
    const names = entries.map((entry) => `\`${entry.endsWith("/") ? `${entry}…` : entry}\``).join("<br>");
    const most = price.most ?? price.call;
    const words = priceInWords(price) || "not known";
    return `| ${names} | ${words} | ${most === undefined ? "by its tokens" : `USD ${toUsd(most)}`} | ${note} | ${source}, ${date} |`;
  });
  return `<!-- Written by scripts/build-docs.ts; change src/stages/prices/table.ts instead. -->

# Prices

What the hosts of models publish. \`stages[].cost_usd\` of an answer is computed from them and from what the host reported of a call: its
tokens, its seconds, or its cost. It is null when the host reported too little or the price is not known. A model on the same machine as the
Worker costs nothing, and so does a result from a cache.

\`max_cost_usd\` of a request is compared with the most that the next call may cost, before it is made: the price of a call; its seconds until
the deadline; or its tokens, counted as one for each byte of the prompt, 6,000 for a picture and the limit of the reply. A model whose maximum
is not known is then not asked.

| entry | price | a call at most | note | source |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

## MODEL_PRICES

This variable adds to the table and corrects it: a JSON object by entry of a chain, with amounts in US dollars. An entry without what stands
after its \`@\` is meant for all versions and variants.

\`\`\`toml
MODEL_PRICES = '{"openai/gpt-4.1-mini": {"usd_per_million_input_tokens": 0.4, "usd_per_million_output_tokens": 1.6}}'
\`\`\`

| field | meaning |
| --- | --- |
| \`usd_per_call\` | for each call |
| \`usd_per_million_input_tokens\` | for the tokens of the prompt |
| \`usd_per_million_output_tokens\` | for the tokens of the reply |
| \`usd_per_second\` | for each second that the host reports |
| \`max_usd_per_call\` | the most that one call can cost, where the others do not give it |

The amounts of the example are not from a price list: put in those of your contract.
`;
}
