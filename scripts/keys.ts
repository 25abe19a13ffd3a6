/** `npm run keys -- COMMAND …`: keys and money of accounts, by the operator's routes of a deployment. */
import { parseArgs } from "node:util";
import { isLoopback } from "../src/net/provider-fetch.ts";
import { refuseUsage, USAGE_ERROR } from "./arguments.ts";
import { readWranglerConfig } from "./configuration.ts";
import { COMMANDS, OPTIONS, type Options, WrongUse } from "./keys/commands.ts";
import { NoService, Refused, type Service } from "./keys/service.ts";
import { ownVariables } from "./own-variables.ts";

const USAGE = `
npm run keys -- COMMAND [OPTIONS]: keys and money of accounts, of the running \`ACCESS=keys npm start\` or a deployment.

  create ACCOUNT             makes a key, and the account when it is new; a new account's first key may do everything
    --mode live|test         test keys cost nothing and reach the embedded models only
    --scopes a,b             of recognize, stages, admin (default recognize,stages)
    --expires 2027-01-01     when it stops working (default never)
    --name NAME, --plan starter|standard|large
  list ACCOUNT               shows its keys, without their secrets
  rotate ACCOUNT KEY_ID      makes a key that replaces another, which works on for --overlap SECONDS (default a day)
  revoke ACCOUNT KEY_ID      ends a key at once
  credit ACCOUNT AMOUNT      gives it US dollars, such as 10 or 0.5; the same --reference TEXT counts once
  balance ACCOUNT            shows what it may spend
  usage ACCOUNT              shows its requests by day, key and operation; --from DAY, --to DAY
  plan ACCOUNT PLAN          changes its plan: starter, standard or large
  delete ACCOUNT --yes       deletes it, with everything of it

  --env NAME                 the deployment at PUBLIC_URL of this environment of wrangler.toml
  --url URL                  another address
  --json                     the answer as JSON

OPERATOR_TOKEN is read from the environment or from .dev.vars. Exits with 0 when it was done, with 1 when the service
refused it, and with 2 when it was used or configured wrongly.
`;

try {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [name = "", ...words] = positionals;
  if (values.help) {
    console.log(USAGE.trim());
  } else {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new WrongUse(name === "" ? "name a command" : `there is no command ${name}`);
    if (words.length !== command.needs.length) throw new WrongUse(`${name} needs ${command.needs.join(" and ")}`);
    const { json, text } = await command.run(serviceOf(values), words, values);
    console.log(values.json ? JSON.stringify(json, null, 2) : text);
  }
} catch (error) {
  if (error instanceof WrongUse || error instanceof TypeError) refuseUsage(error.message, USAGE);
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = error instanceof Refused ? 1 : USAGE_ERROR;
}

/** The deployment that the options and the configuration name. */
function serviceOf({ env, url }: Options): Service {
  const own = ownVariables(process.env, ".dev.vars");
  const { vars } = readWranglerConfig("wrangler.toml", env);
  const configured = env === undefined ? (own.PUBLIC_URL ?? localAddress(String(vars.PUBLIC_URL))) : vars.PUBLIC_URL;
  const address = URL.parse(url ?? String(configured ?? ""));
  if (!address) throw new NoService("PUBLIC_URL is not an address: set it in wrangler.toml, or name one by --url");
  if (address.hostname.endsWith(".example")) throw new NoService("PUBLIC_URL is the example's: set your own");
  if (address.protocol !== "https:" && !isLoopback(address)) {
    throw new NoService("the address must be https: the operator's token would be readable on the way");
  }
  const token = own.OPERATOR_TOKEN ?? (env === undefined ? String(vars.OPERATOR_TOKEN ?? "") : "");
  if (token === "") throw new NoService("OPERATOR_TOKEN is not set, in the environment or in .dev.vars");
  return { url: address, token, fetch: (request) => fetch(request) };
}

/** The local address with the port that `npm start` was given. */
function localAddress(address: string): string {
  const { PORT } = process.env;
  return PORT ? address.replace(/:\d+$/, `:${PORT}`) : address;
}
