/**
 * `npm run eval -- COMMAND …`: score predictions, or, over HTTP, the stack that NAMESIGHT_URL and FUNCTIONS_URL name
 * (`scripts/eval.ts` starts one for the commands that need it, and sets both).
 */
import { enableCompileCache } from "node:module";

// Compiling the modules takes as long as scoring some thousand posts.
enableCompileCache();

/** A command, and how it is used. Only the one that is called is loaded: some need libraries that take long to load. */
const COMMANDS: Readonly<
  Record<string, () => Promise<{ run: (argv: string[]) => Promise<number>; usage: string | null }>>
> = {
  stats: async () => {
    const { printStatistics: run, STATS_USAGE: usage } = await import("./commands/stats.ts");
    return { run, usage };
  },
  score: async () => {
    const { scoreFiles: run, SCORE_USAGE: usage } = await import("./commands/score.ts");
    return { run, usage };
  },
  mner: async () => {
    const { evaluateMner: run, MNER_USAGE: usage } = await import("./commands/mner.ts");
    return { run, usage };
  },
  examples: async () => {
    const { evaluateExamples: run, EXAMPLES_USAGE: usage } = await import("./commands/examples.ts");
    return { run, usage };
  },
  cascade: async () => {
    const { evaluateCascade, CASCADE_USAGE: usage } = await import("./commands/cascade.ts");
    return { run: (argv) => evaluateCascade(argv), usage };
  },
  phrases: async () => {
    const { evaluatePhrases, PHRASES_USAGE: usage } = await import("./commands/phrases.ts");
    return { run: (argv) => evaluatePhrases(argv), usage };
  },
  answers: async () => {
    const { printAnswers: run } = await import("./commands/configured.ts");
    return { run, usage: null };
  },
};

const [name = "", ...argv] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.() : undefined;
if (command) {
  process.exitCode = await command.run(argv);
} else {
  const all = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const usage = all.flatMap((one) => one.usage ?? []).join("\n\n");
  const isHelp = name === "--help" || name === "-h";
  if (isHelp) console.log(usage);
  else console.error(usage);
  process.exitCode = isHelp ? 0 : 2;
}
