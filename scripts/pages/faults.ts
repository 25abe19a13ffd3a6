import { FAULTS, type FaultName, LEFT_OUT, LOSSES, type LossName, outcomeOf } from "./fault-matrix.ts";

const HEADER =
  "<!-- Written by scripts/build-docs.ts from scripts/pages/fault-matrix.ts, which test/worker compares with the app. -->";

const faults = Object.keys(FAULTS) as FaultName[];
const stages = Object.keys(LOSSES) as LossName[];

/** docs/faults.md: what a caller gets when a model fails, for every stage and every fault. */
export function faultsPage(): string {
  const matrix = faults.map((fault) => {
    const cells = stages.map((stage) => {
      const { status, partial, codes } = outcomeOf(stage, fault);
      return `${status}${partial ? " partial" : ""}: ${codes.map((code) => `\`${code}\``).join(", ")}`;
    });
    return `| ${FAULTS[fault].title} | ${cells.join(" | ")} |`;
  });
  const handled = faults.map((fault) => {
    const { title, calls, detail } = FAULTS[fault];
    return `| ${title} | ${calls === 1 ? "no" : `up to ${calls} calls`} | ${detail} |`;
  });
  const losses = stages.map((stage) => `| \`${stage}\` | ${LOSSES[stage].words} | ${keptWords(LOSSES[stage].kept)} |`);
  const leftOut = Object.entries(LEFT_OUT).map(([stage, { words }]) => `| \`${stage}\` | ${words} |`);
  return `${HEADER}

# When a model fails

Each stage has a chain of models. A model that fails is asked again where that makes sense, then the next model of the
chain is asked about what is still unanswered. This page says what a caller gets when the last model fails as well.

## What the caller gets

One stage fails, and all others work. \`partial\` is true in an answer from which a stage is missing.

| the model | ${stages.map((stage) => `\`${stage}\``).join(" | ")} |
| --- |${" --- |".repeat(stages.length)}
${matrix.join("\n")}

## What is missing

| stage | without it | kept for the next request |
| --- | --- | --- |
${losses.join("\n")}

## What is repeated

Waits are random up to a bound that doubles (full jitter), and at least as long as \`Retry-After\` says. No wait goes
beyond the time of the stage. A call whose answer was lost on its way was probably charged: it is repeated once.

| the model | repeated | what the problem says of it |
| --- | --- | --- |
${handled.join("\n")}

## A model that leaves out entities

It has answered, so no stage has failed: the answer is not partial. What the left-out entity lacks:

| stage | of the left-out entity |
| --- | --- |
${leftOut.join("\n")}

## A caller who leaves

The calls that run are canceled upstream: their connections are closed, and hosts with predictions are told. What a
stage has not answered is not kept.
`;
}

function keptWords(kept: number | null): string {
  if (kept === null) return "the caption, where it was there in time";
  const expressions = kept === 1 ? "the caption" : "the expressions";
  return kept === 4 ? "the caption and the expressions" : expressions;
}
