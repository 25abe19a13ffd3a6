/** `npm run keys -- COMMAND …`: keys and money of accounts, by the operator's routes of a deployment. */
import { COMMANDS, OPTIONS } from "./keys/commands.ts";
import { findService } from "./keys/find-service.ts";
import { commandOf, runCommandLine } from "./keys/run-command.ts";

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

await runCommandLine(OPTIONS, USAGE, async (name, words, values) =>
  commandOf(COMMANDS, name, words).run(findService(values), words, values),
);
