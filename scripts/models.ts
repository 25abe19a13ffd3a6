/**
 * `npm run models [-- --json]` lists every hosted model. `npm run models -- check [--env NAME] [--config FILE]
 * [--endpoint URL]` compares each Replicate entry of wrangler.toml's chains, in every environment or in one, with its
 * version's live schema. Exits with 1 where one differs and with 2 where one could not be checked. Needs
 * REPLICATE_API_TOKEN in the environment or in .dev.vars.
 */
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { USAGE_ERROR } from "./arguments.ts";
import { checkEnvironments, type Environment, exitCodeOf, formatVerdicts } from "./models/check.ts";
import { formatList, listModels } from "./models/list.ts";
import { ownVariables } from "./own-variables.ts";

const USAGE = `
npm run models [-- --json]: every hosted model that a chain may name, with what it costs and cannot do.
npm run models -- check [OPTIONS]: compares the Replicate versions of wrangler.toml's chains with their live schemas.

  --env NAME      one environment; all of them by default
  --config FILE   another file than wrangler.toml
  --endpoint URL  another address than Replicate's API

check needs REPLICATE_API_TOKEN, in the environment or in .dev.vars. It exits with 1 when a version differs and with 2
when one could not be checked.
`;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h", default: false },
      json: { type: "boolean", default: false },
      env: { type: "string" },
      config: { type: "string", default: "wrangler.toml" },
      endpoint: { type: "string" },
    },
  });
  const [command, ...others] = positionals;
  if (others.length > 0 || (command !== undefined && command !== "check"))
    throw new Error(`there is no command ${positionals.join(" ")}`);
  if (values.help) console.log(USAGE.trim());
  else if (command === "check") await check(values);
  else process.stdout.write(values.json ? `${JSON.stringify(listModels(), null, 2)}\n` : formatList(listModels()));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = USAGE_ERROR;
}

async function check({
  env,
  config,
  endpoint,
}: {
  env?: string | undefined;
  config: string;
  endpoint?: string | undefined;
}): Promise<void> {
  const at = endpoint === undefined ? null : URL.parse(endpoint);
  if (endpoint !== undefined && !at) throw new Error("--endpoint is not an address");
  const verdicts = await checkEnvironments(await readEnvironments(config, env), {
    endpoint: at,
    fetch: (url, init) => fetch(url, init),
  });
  process.stdout.write(formatVerdicts(verdicts));
  process.exitCode = exitCodeOf(verdicts);
}

/** Every environment of the file, or one. In the local one, which `npm start` runs, .dev.vars overrides the file. */
async function readEnvironments(config: string, only: string | undefined): Promise<Environment[]> {
  const { experimental_readRawConfig, unstable_readConfig } = await import("wrangler");
  const names = Object.keys(experimental_readRawConfig({ config }).rawConfig.env ?? {});
  if (only !== undefined && !names.includes(only)) throw new Error(`${config} has no environment ${only}`);
  const own = ownVariables(process.env, join(dirname(config), ".dev.vars"));
  const read = (environment: string | undefined): Environment => {
    const { vars } = unstable_readConfig({ config, ...(environment && { env: environment }) }, { hideWarnings: true });
    const chains: Record<string, unknown> = environment ? vars : { ...vars, ...own };
    return { chains, variable: (name) => String(chains[name] ?? own[name] ?? process.env[name] ?? "") };
  };
  return (only === undefined ? [undefined, ...names] : [only]).map(read);
}
