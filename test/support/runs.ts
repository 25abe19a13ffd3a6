/** Random runs of a long property test: a tenth of them in `npm test`, all of them in `npm run test:long`. */
export const ALL_RUNS = 10_000;

/** How many random runs this process makes. */
export const RUNS = process.env.LONG ? ALL_RUNS : ALL_RUNS / 10;
