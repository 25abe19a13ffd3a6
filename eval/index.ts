/**
 * `npm run eval -- COMMAND …`: score predictions, or, over HTTP, the stack that NAMESIGHT_URL and FUNCTIONS_URL name
 * (`scripts/eval.ts` starts one for the commands that need it, and sets both).
 */
import { enableCompileCache } from "node:module";

// Compiling the modules takes as long as scoring some thousand posts.
enableCompileCache();

type Command = { readonly run: (argv: string[]) => Promise<number>; readonly usage?: string };

/** Each command is loaded when it is called, because some load large libraries. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  stats: () =>
    import("./commands/stats.ts").then((stats) => ({ run: stats.printStatistics, usage: stats.STATS_USAGE })),
  score: () => import("./commands/score.ts").then((score) => ({ run: score.scoreFiles, usage: score.SCORE_USAGE })),
  segment: () => import("./commands/segment.ts").then(({ SEGMENT }) => SEGMENT),
  propose: () => import("./commands/propose.ts").then(({ PROPOSE }) => PROPOSE),
  confirm: () => import("./commands/confirm.ts").then(({ CONFIRM }) => CONFIRM),
  mner: () => import("./commands/mner.ts").then((mner) => ({ run: mner.evaluateMner, usage: mner.MNER_USAGE })),
  examples: () =>
    import("./commands/examples.ts").then((set) => ({ run: set.evaluateExamples, usage: set.EXAMPLES_USAGE })),
  cascade: () =>
    import("./commands/cascade.ts").then((set) => ({
      run: (argv) => set.evaluateCascade(argv),
      usage: set.CASCADE_USAGE,
    })),
  phrases: () =>
    import("./commands/phrases.ts").then((set) => ({
      run: (argv) => set.evaluatePhrases(argv),
      usage: set.PHRASES_USAGE,
    })),
  answers: () => import("./commands/configured.ts").then(({ printAnswers }) => ({ run: printAnswers })),
};

const [name = "", ...argv] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.() : undefined;
const usages = async () => (await Promise.all(Object.values(COMMANDS).map((load) => load()))).map(({ usage }) => usage);
const isHelp = name === "--help" || name === "-h";
if (!command) console[isHelp ? "log" : "error"]((await usages()).filter(Boolean).join("\n\n"));
process.exitCode = command ? await command.run(argv) : isHelp ? 0 : 2;
