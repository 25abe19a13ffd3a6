/** `npm start`: the local stack, until Ctrl-C. */
import { readOptions } from "./arguments.ts";
import { checkConfiguration, readWranglerConfig } from "./configuration.ts";
import { makeDevelopmentKeys } from "./keys/development.ts";
import { endSignal } from "./stack/ending.ts";
import { startStack } from "./stack.ts";

const USAGE = `
npm start: the Worker and the embedded models on this machine, until Ctrl-C.

Variables, from the environment or from .dev.vars (.dev.vars.example has examples):
  PORT             port of the Worker (default 8787); environment only
  FUNCTIONS_PORT   port of the models (default 8788); environment only
  PICTURE CAPTION MNER EXPANSION ENTAILMENT GROUNDING SEGMENTATION
                   models of a stage, tried left to right; \`npm run models\` lists them
  ACCESS           "keys" asks for keys, as production does, and prints two to try it with
  ENDPOINT_<ALIAS> address of the models that an entry "provider:alias/model" names
  ENDPOINT_<ALIAS>_TOKEN, REPLICATE_API_TOKEN, HF_TOKEN, OPENAI_API_KEY
                   secrets of the hosts
The configuration is checked first; a fault ends this with exit status 2.
`;

readOptions(USAGE, {});
const { PORT = "8787", FUNCTIONS_PORT = "8788" } = process.env;
const variables = await checkConfiguration({ PORT, FUNCTIONS_PORT });
const end = endSignal();
const stack = await startStack({
  port: Number(PORT),
  functionsPort: Number(FUNCTIONS_PORT),
  variables,
  signal: end,
  onOutput: (source, text) => process.stdout.write(text.replace(/^(?=.)/gm, `[${source}] `)),
}).catch((error: Error) => {
  if (end.aborted) process.exit(0);
  console.error(`Namesight did not start: ${error.message}`);
  process.exit(1);
});
const stop = async (status: number) => {
  await stack.stop();
  process.exit(status);
};
// Ctrl-C is how this is meant to end: no error.
end.addEventListener("abort", () => void stop(0));
void stack.ended.then((reason) => {
  console.error(`Namesight stopped: ${reason}`);
  void stop(1);
});

const keys = variables.ACCESS === "keys" ? await developmentKeys() : null;
const header = keys ? ` -H 'Authorization: Bearer ${keys.live}'` : "";
const keyText = keys
  ? `
It asks for keys. Two of the account "development", which got USD 10 of play money once; they work for a week:

  ${keys.live}
  ${keys.test} (a test key: costs nothing)

\`npm run keys -- balance development${PORT === "8787" ? "" : ` --url ${stack.url}`}\` says what is left.
`
  : "";

console.log(`
Namesight is up: the Worker on ${stack.url}, its models on ${stack.functionsUrl}. Ctrl-C stops both.
${keyText}
Try:

  curl -s ${stack.url}/v1/recognize${header} -F text='Eileen Collins in her launch suit' -F image=@examples/photos/astronaut.png
  curl -s ${stack.url}/v1/recognize${header} -H 'Accept: image/png' -F text='Eileen Collins' -F image=@examples/photos/astronaut.png -o out.png
`);

/** Keys to try it with. Without them the Worker runs all the same. */
async function developmentKeys() {
  const { OPERATOR_TOKEN = String(readWranglerConfig("wrangler.toml").vars.OPERATOR_TOKEN) } = variables;
  const service = { url: new URL(stack.url), token: OPERATOR_TOKEN, fetch: (request: Request) => fetch(request) };
  return makeDevelopmentKeys(service, Date.now()).catch((error: Error) => {
    console.error(`No development keys were made: ${error.message}`);
    return null;
  });
}
