/** When a model answered a question about a post of the benchmarks. */
export interface LoggedAnswer {
  readonly model: string;
  /** The number in the post's text. */
  readonly number: number;
  /** Unix milliseconds, with fractions. */
  readonly at: number;
}

/** Answers that are kept: more than one benchmark reads at a time. */
const KEPT = 1_000;
/** The number that `PostTemplate` writes into a text. */
const NUMBER = /\b\d{10}\b/;

/** Unix milliseconds with fractions: a clock that processes of one machine share. */
export const preciseTime = (): number => performance.timeOrigin + performance.now();

/** The last answers of the models. */
export function answerLog(clock = preciseTime) {
  const answers: LoggedAnswer[] = [];
  return {
    /** Notes an answer to a question, where the question has a number. */
    note(model: string, question: string): void {
      const number = NUMBER.exec(question)?.[0];
      if (number === undefined) return;
      answers.push({ model, number: Number(number), at: clock() });
      if (answers.length > KEPT) answers.shift();
    },
    all: (): readonly LoggedAnswer[] => answers,
  };
}
