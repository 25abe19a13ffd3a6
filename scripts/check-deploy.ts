/** `npm run check:deploy`: whether production's configuration is ready to be deployed. */
import { readOptions, USAGE_ERROR } from "./arguments.ts";
import { count, readWranglerConfig } from "./configuration.ts";
import { preflight } from "./deploy/preflight.ts";
import { listDeployedSecrets, readSecretsFile } from "./deploy/secrets.ts";

const USAGE = `
npm run check:deploy [-- OPTIONS]: checks [env.production] before it is deployed: placeholders, secrets, and every fault
that the Worker would find itself.

  --secrets FILE   take the secrets from a file (NAME=value lines, JSON for "wrangler secret bulk", or the list that
                   "wrangler secret list" prints) and ask nobody; without it, wrangler lists those that are set
  --config FILE    another file than wrangler.toml

Exits with 0 when everything was checked and is right, with 1 when there is a fault, and with 2 when there is none but
something could not be checked.
`;

const ENVIRONMENT = "production";
const options = readOptions(USAGE, {
  secrets: { type: "string" },
  config: { type: "string", default: "wrangler.toml" },
});
try {
  const config = readWranglerConfig(options.config, ENVIRONMENT);
  const secrets = options.secrets ? readSecretsFile(options.secrets) : listDeployedSecrets(options.config, ENVIRONMENT);
  const { faults, unchecked } = await preflight(config, secrets);
  for (const fault of faults) console.error(`fault: ${fault}`);
  for (const gap of unchecked) console.error(`not checked: ${gap}`);
  if (faults.length > 0)
    console.error(`${options.config} is not ready to be deployed: ${count(faults.length, "fault")}.`);
  else if (unchecked.length === 0) console.log(`${options.config} is ready to be deployed.`);
  if (secrets && [...secrets.values()].includes(null))
    console.log(
      "Secrets were checked by name: the Worker checks their values itself and answers /health with what is wrong.",
    );
  process.exitCode = faults.length > 0 ? 1 : unchecked.length > 0 ? USAGE_ERROR : 0;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = USAGE_ERROR;
}
