/** Random runs of a long property test: a tenth of them in `npm test`, all of them in `npm run test:long`. */
export const ALL_RUNS = 10_000;

/** How many random runs this process makes; the variable `LONG` sets another number. */
export const RUNS = Number(process.env.LONG) || ALL_RUNS / 10;

/** Time after which that many random runs count as hanging, in milliseconds. It holds on a busy machine. */
export const RUNS_MS = 400 * RUNS;
