/** `npm run bots -- COMMAND PLATFORM`: sets up bots, and runs one on this machine. */
import { COMMANDS, OPTIONS } from "./bots/commands.ts";
import { commandOf, runCommandLine } from "./keys/run-command.ts";

const USAGE = `
npm run bots -- COMMAND PLATFORM [OPTIONS]: a bot that finds the names of posts (docs/bots/telegram.md, discord.md).

  run telegram               runs the bot on this machine until Ctrl-C, with the embedded models; needs TELEGRAM_TOKEN alone
    --take-over              also where the bot has a webhook, which is then removed
  check telegram             says what a deployment's bot still needs, in order, and the next step; so does
  check discord
  setup telegram             tells Telegram the address of the deployment, its secret and the bot's commands
  setup discord              tells Discord the address of the deployment and the bot's commands

  --env NAME                 the deployment at PUBLIC_URL of this environment of wrangler.toml
  --url URL                  another address
  --json                     the answer as JSON

TELEGRAM_TOKEN and DISCORD_TOKEN, and TELEGRAM_API and DISCORD_API where these have another address, are read from the
environment or from .dev.vars.
Exits with 0 when it was done or nothing is missing, with 1 when something is, and with 2 when it was used wrongly.
`;

await runCommandLine(OPTIONS, USAGE, async (name, words, values) =>
  commandOf(COMMANDS, name, words).run(words, values),
);
