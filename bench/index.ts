/** `npm run bench`. */
import { withStack } from "../scripts/stack/use.ts";
import { benchEmbedded } from "./commands/embedded.ts";
import { benchEval } from "./commands/eval.ts";
import { installGateway } from "./gateway/install.ts";
import { benchLatency } from "./latency.ts";
import { benchLoad } from "./load.ts";
import { describeMachine } from "./machine.ts";
import { benchesOf, measureEdge } from "./measure-edge.ts";
import { report } from "./report.ts";
import { readCommand } from "./usage.ts";

const command = readCommand(process.argv.slice(2));
if (typeof command === "number") process.exit(command);
const { name, options, rest } = command;

if (name === "latency" || name === "load") {
  const run = name === "load" ? benchLoad : benchLatency;
  // For help no stack is started.
  if (rest.includes("--help") || rest.includes("-h"))
    process.exit(await run(rest, () => ({ worker: "", functions: "" })));
  await withStack(({ NAMESIGHT_URL, FUNCTIONS_URL }) =>
    run(rest, () => ({ worker: NAMESIGHT_URL, functions: FUNCTIONS_URL })),
  );
}
if (options.install) installGateway();
const machine = describeMachine();
const scoring = name === "eval" || (name === "all" && !options.check) ? benchEval() : [];
const { figures: edge, failed } = await measureEdge(benchesOf(command), name !== "cpu");
const figures = [...edge, ...scoring];
if (name !== "embedded" && (name !== "all" || options.check))
  process.exit(report({ machine, figures, failed }, options));
await withStack(async ({ NAMESIGHT_URL, FUNCTIONS_URL }) => {
  const embedded = await benchEmbedded({ worker: NAMESIGHT_URL, functions: FUNCTIONS_URL });
  return report({ machine, figures: [...figures, ...embedded], failed }, options);
});
