/**
 * `npm run eval -- COMMAND …`: runs `eval/index.ts`, for the commands that ask models beside a local stack
 * (`scripts/with-stack.ts`). Scoring files needs none, so that it begins at once.
 */
const WITH_STACK = new Set(["mner", "examples", "cascade", "phrases", "answers"]);

if (WITH_STACK.has(process.argv[2] ?? "")) {
  process.argv.splice(2, 0, "eval/index.ts");
  await import("./with-stack.ts");
} else {
  await import("../eval/index.ts");
}

export {};
