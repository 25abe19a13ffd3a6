import { checkConfiguration } from "../configuration.ts";
import { type Stack, startStack } from "../stack.ts";
import { endSignal } from "./ending.ts";

/** Where a script finds the stack. */
export interface StackAddress {
  readonly NAMESIGHT_URL: string;
  readonly FUNCTIONS_URL: string;
}

/** Scripts ask about models and send no keys, whatever .dev.vars says of access. */
const OPEN = { ACCESS: "open", X402_FACILITATOR: "", X402_NETWORK: "", X402_ASSET: "", X402_PAY_TO: "" };

/** Characters of the stack's output that are printed when the script fails. */
const SHOWN_OUTPUT = 4_000;

/**
 * Runs a script beside a local stack on free ports, with no state of an earlier run, and ends this process with its
 * exit status. When NAMESIGHT_URL is set, that stack is used and none is started. NAMESIGHT_VERBOSE prints what the
 * stack prints.
 *
 * @param run resolves with the script's exit status, or rejects with a message for people. `guard` has a process that
 *   it starts end together with the stack
 * @param showsOutput whether the end of the stack's output is printed when the script fails
 */
export async function withStack(
  run: (address: StackAddress, guard: Stack["guard"]) => Promise<number>,
  showsOutput = true,
): Promise<never> {
  const { NAMESIGHT_URL, FUNCTIONS_URL = "", NAMESIGHT_VERBOSE } = process.env;
  const end = endSignal();
  const script = (address: StackAddress, guard: Stack["guard"]) =>
    run(address, guard).catch((error: Error) => {
      if (!end.aborted) console.error(error.message);
      return 1;
    });
  if (NAMESIGHT_URL) {
    end.addEventListener("abort", () => process.exit(end.reason));
    process.exit(await script({ NAMESIGHT_URL, FUNCTIONS_URL }, () => undefined));
  }
  const variables = await checkConfiguration();
  let output = "";
  const stack = await startStack({
    forgetsState: true,
    variables: { ...variables, ...OPEN },
    signal: end,
    onOutput: (_source, text) => {
      output = (output + text).slice(-SHOWN_OUTPUT);
      if (NAMESIGHT_VERBOSE) process.stderr.write(text);
    },
  }).catch((error: Error) => {
    if (end.aborted) process.exit(end.reason);
    console.error(`Namesight did not start: ${error.message}`);
    process.exit(1);
  });
  const stop = async (status: number): Promise<never> => {
    await stack.stop();
    process.exit(end.aborted ? end.reason : status);
  };
  end.addEventListener("abort", () => void stop(1));
  void stack.ended.then((reason) => {
    console.error(`Namesight stopped: ${reason}`);
    void stop(1);
  });
  const status = await script({ NAMESIGHT_URL: stack.url, FUNCTIONS_URL: stack.functionsUrl }, stack.guard);
  if (status !== 0 && showsOutput && !end.aborted) process.stderr.write(output);
  return stop(status);
}
