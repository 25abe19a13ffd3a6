/**
 * `npm run eval -- COMMAND …`: score predictions, or, over HTTP, the stack that NAMESIGHT_URL and FUNCTIONS_URL name
 * (`scripts/eval.ts` starts one for the commands that need it, and sets both).
 */
import { enableCompileCache } from "node:module";
import { COMMANDS } from "./commands/index.ts";

// Compiling the modules takes as long as scoring some thousand posts.
enableCompileCache();

const [name = "", ...argv] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]?.() : undefined;
const usages = async () => (await Promise.all(Object.values(COMMANDS).map((load) => load()))).map(({ usage }) => usage);
const isHelp = name === "--help" || name === "-h";
if (!command) console[isHelp ? "log" : "error"]((await usages()).filter(Boolean).join("\n\n"));
process.exitCode = command ? await command.run(argv) : isHelp ? 0 : 2;
