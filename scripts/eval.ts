/**
 * `npm run eval -- COMMAND …`: runs `eval/index.ts`, for the commands that ask models beside a local stack
 * (`scripts/with-stack.ts`). Scoring files needs none, so that it begins at once.
 */
const WITH_STACK = new Set(["mner", "examples", "cascade", "phrases", "answers"]);
/** The commands that ask a stack unless `--endpoint` names a deployment, with the options that they need. */
const OR_ENDPOINT = new Map([
  ["segment", ["predictions", "images", "out"]],
  ["propose", ["images", "out"]],
]);

const [name = "", ...given] = process.argv.slice(2);
const has = (option: string) => given.some((one) => one === `--${option}` || one.startsWith(`--${option}=`));
// Without what it needs, a command prints its usage alone.
const asksStack = OR_ENDPOINT.get(name)?.every(has) && !has("endpoint");

if (WITH_STACK.has(name) || asksStack) {
  process.argv.splice(2, 0, "eval/index.ts");
  await import("./with-stack.ts");
} else {
  await import("../eval/index.ts");
}

export {};
