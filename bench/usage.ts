import { parseArgs } from "node:util";
import { EDGE_BENCHES } from "./commands/index.ts";

export const USAGE = `usage: npm run bench [-- NAME] [--json] [--check] [--write]
       npm run bench -- gateway --install
       npm run bench -- latency|load [--help]

Measure Namesight on this machine (BENCHMARKS.md). Without a name: everything, in less than ten minutes.

  floor      a whole request over the shortest schedule of its calls
  order      RiVEG's order of calls over ours
  first      the first finished entity over the whole answer
  gateway    what a chat stage adds to a call, over what @portkey-ai/gateway adds
  rate       requests a second over a bare Hono Worker's
  keys       what ACCESS=keys adds to a request, and how many requests a second one account admits
  jobs       jobs and batches beside the same work in responses, and how many jobs a second are accepted
  bots       how soon an update of a bot is taken while every model hangs, and how many a second are
  cpu        the processor's time of a request; alone it also lists the functions that take most
  startup    the Worker's start over a bare Hono Worker's
  size       the bundle
  eval       scoring 10,000 posts by every protocol
  embedded   the embedded models: cold, warm, and 1, 4 and 16 posts at a time

  --json      print the machine and the figures as JSON
  --check     measure floor, order, rate and size; exit with 1 when one is worse than bench/reference.json by
              more than its margin
  --write     write the figures into BENCHMARKS.md, and those of these four into bench/reference.json
  --install   install @portkey-ai/gateway into out/gateway first; without it, gateway has no figure
`;

/** What `npm run bench` was called with. */
export interface Command {
  readonly name: string;
  readonly options: {
    readonly json: boolean;
    readonly check: boolean;
    readonly install: boolean;
    readonly write: boolean;
  };
  /** The arguments behind the name. */
  readonly rest: string[];
}

const NAMES = ["all", ...Object.keys(EDGE_BENCHES), "eval", "embedded"];
/** Commands that read their own options. */
const OWN = ["latency", "load"];

/**
 * Reads the arguments. Prints the usage when help is asked for or an argument is wrong.
 *
 * @returns the exit status when nothing must run: 0 after `--help`, 2 when it was called wrongly
 */
export function readCommand(argv: readonly string[]): Command | number {
  const [first = "all"] = argv;
  const name = first.startsWith("-") ? "all" : first;
  const rest = name === first ? argv.slice(1) : [...argv];
  const none = { json: false, check: false, install: false, write: false };
  if (OWN.includes(name)) return { name, options: none, rest };
  const flag = { type: "boolean", default: false } as const;
  const help = { type: "boolean", short: "h", default: false } as const;
  try {
    const options = { json: flag, check: flag, install: flag, write: flag, help };
    const { values } = parseArgs({ args: rest, options });
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    if (NAMES.includes(name)) return { name, options: values, rest };
    console.error(`there is no benchmark ${name}\n\n${USAGE}`);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
  }
  return 2;
}
