/**
 * `npm run eval -- COMMAND …`: score predictions, or, over HTTP, the stack that NAMESIGHT_URL and FUNCTIONS_URL name
 * (`scripts/eval.ts` starts one for the commands that need it, and sets both).
 */
import { CASCADE_USAGE, evaluateCascade } from "./commands/cascade.ts";
import { printAnswers } from "./commands/configured.ts";
import { EXAMPLES_USAGE, evaluateExamples } from "./commands/examples.ts";
import { evaluateMner, MNER_USAGE } from "./commands/mner.ts";
import { evaluatePhrases, PHRASES_USAGE } from "./commands/phrases.ts";
import { printStatistics, STATS_USAGE } from "./commands/stats.ts";

const COMMANDS: Readonly<Record<string, (argv: string[]) => Promise<number>>> = {
  stats: printStatistics,
  mner: evaluateMner,
  examples: evaluateExamples,
  cascade: (argv) => evaluateCascade(argv),
  phrases: (argv) => evaluatePhrases(argv),
  answers: printAnswers,
};

const [name = "", ...argv] = process.argv.slice(2);
const usage = [STATS_USAGE, MNER_USAGE, EXAMPLES_USAGE, CASCADE_USAGE, PHRASES_USAGE].join("\n\n");
if (Object.hasOwn(COMMANDS, name)) {
  process.exitCode = (await COMMANDS[name]?.(argv)) ?? 2;
} else if (name === "--help" || name === "-h") {
  console.log(usage);
} else {
  console.error(usage);
  process.exitCode = 2;
}
