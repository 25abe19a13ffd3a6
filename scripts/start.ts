/**
 * `npm start`: the local stack stays up until Ctrl-C. PORT and FUNCTIONS_PORT choose other ports than 8787 and 8788;
 * the environment and `.dev.vars` choose other models (docs/local-llm.md).
 */
import { ownVariables } from "./own-variables.ts";
import { startStack } from "./stack.ts";

const stack = await startStack({
  port: Number(process.env.PORT ?? 8787),
  functionsPort: Number(process.env.FUNCTIONS_PORT ?? 8788),
  variables: ownVariables(process.env, ".dev.vars"),
  onOutput: (source, text) => process.stdout.write(text.replace(/^(?=.)/gm, `[${source}] `)),
}).catch((error: Error) => {
  console.error(`Namesight did not start: ${error.message}`);
  process.exit(1);
});

const stop = async (code: number) => {
  await stack.stop();
  process.exit(code);
};
process.once("SIGINT", () => void stop(0));
process.once("SIGTERM", () => void stop(0));
void stack.ended.then((why) => {
  console.error(`Namesight stopped: ${why}`);
  void stop(1);
});

console.log(`
Namesight is up: the Worker on ${stack.url}, its models on ${stack.functionsUrl}. Ctrl-C stops both. Try:

  curl -s ${stack.url}/v1/recognize -F text='Eileen Collins in her launch suit' -F image=@examples/photos/astronaut.png
  curl -s ${stack.url}/v1/recognize -H 'Accept: image/png' -F text='Eileen Collins' -F image=@examples/photos/astronaut.png -o out.png
`);
