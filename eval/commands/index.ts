/** A command of `npm run eval`. */
interface Command {
  /** Does it, and returns the exit code. */
  readonly run: (argv: string[]) => Promise<number>;
  /** What `--help` prints; absent for a command that only other commands call. */
  readonly usage?: string;
}

/** The commands by name. Each is loaded when it is called, because some load large libraries. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  stats: async () => {
    const { printStatistics, STATS_USAGE } = await import("./stats.ts");
    return { run: (argv) => printStatistics(argv), usage: STATS_USAGE };
  },
  run: async () => {
    const { runDataset, RUN_USAGE } = await import("./run.ts");
    return { run: (argv) => runDataset(argv), usage: RUN_USAGE };
  },
  score: async () => {
    const { scoreFiles, SCORE_USAGE } = await import("./score.ts");
    return { run: (argv) => scoreFiles(argv), usage: SCORE_USAGE };
  },
  build: async () => {
    const { buildTrainingSet, BUILD_USAGE } = await import("./build.ts");
    return { run: (argv) => buildTrainingSet(argv), usage: BUILD_USAGE };
  },
  segment: async () => {
    const { segmentPredictions, SEGMENT_USAGE } = await import("./segment.ts");
    return { run: (argv) => segmentPredictions(argv), usage: SEGMENT_USAGE };
  },
  propose: async () => {
    const { proposeMasks, PROPOSE_USAGE } = await import("./propose.ts");
    return { run: (argv) => proposeMasks(argv), usage: PROPOSE_USAGE };
  },
  confirm: async () => {
    const { confirmMasks, CONFIRM_USAGE } = await import("./confirm.ts");
    return { run: (argv) => confirmMasks(argv), usage: CONFIRM_USAGE };
  },
  calibrate: async () => {
    const { calibrateModel, CALIBRATE_USAGE } = await import("./calibrate.ts");
    return { run: (argv) => calibrateModel(argv), usage: CALIBRATE_USAGE };
  },
  mner: async () => {
    const { evaluateMner, MNER_USAGE } = await import("./mner.ts");
    return { run: (argv) => evaluateMner(argv), usage: MNER_USAGE };
  },
  examples: async () => {
    const { evaluateExamples, EXAMPLES_USAGE } = await import("./examples.ts");
    return { run: (argv) => evaluateExamples(argv), usage: EXAMPLES_USAGE };
  },
  cascade: async () => {
    const { evaluateCascade, CASCADE_USAGE } = await import("./cascade.ts");
    return { run: (argv) => evaluateCascade(argv), usage: CASCADE_USAGE };
  },
  phrases: async () => {
    const { evaluatePhrases, PHRASES_USAGE } = await import("./phrases.ts");
    return { run: (argv) => evaluatePhrases(argv), usage: PHRASES_USAGE };
  },
  answers: async () => ({ run: (await import("./configured.ts")).printAnswers }),
};
