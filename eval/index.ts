/**
 * `npm run eval -- COMMAND …`: scores, over HTTP, of what runs at FUNCTIONS_URL and NAMESIGHT_URL
 * (`scripts/with-stack.ts` sets both).
 */

export {};

const COMMANDS: Record<string, (rest: string[]) => Promise<number>> = {
  mner: async (rest) => (await import("./commands/mner.ts")).evaluateMner(rest),
  examples: async (rest) => (await import("./commands/examples.ts")).evaluateExamples(rest),
};

const USAGE = `usage: npm run eval -- mner FILE.conll [--json]    mention recognition against a file in CoNLL form
       npm run eval -- examples [--json]           the posts in examples/ against what was drawn by hand`;

const [name = "", ...rest] = process.argv.slice(2);
const command = COMMANDS[name];
if (command) {
  process.exitCode = await command(rest);
} else {
  console.error(USAGE);
  process.exitCode = 2;
}
