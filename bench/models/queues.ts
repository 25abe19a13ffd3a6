/** How long each model takes, by its name. A model that is not named takes no time. */
export type ModelSettings = Readonly<Record<string, ModelSetting>>;

export interface ModelSetting {
  /** Milliseconds of one call. */
  readonly ms: number;
  /** Whether it works on one call at a time, as a container with one GPU does; the others wait in order. */
  readonly one?: boolean;
}

/** Sets what happens after so many milliseconds; 0 is at once. Returns what takes it back. */
export type Timer = (work: () => void, milliseconds: number) => () => void;

const realTimer: Timer = (work, milliseconds) => {
  if (milliseconds <= 0) {
    work();
    return () => undefined;
  }
  const timer = setTimeout(work, milliseconds);
  return () => clearTimeout(timer);
};

/** The queues of the models. A call of a model that takes one at a time starts when those before it have ended. */
export function createQueues(timer: Timer = realTimer) {
  let settings: ModelSettings = {};
  const waiting = new Map<string, Array<() => void>>();

  const start = (model: string, one: boolean, answer: () => void): (() => void) => {
    let ended = false;
    const end = () => {
      if (ended) return;
      ended = true;
      if (!one) return;
      const queue = waiting.get(model) ?? [];
      const next = queue.shift();
      if (next) next();
      else waiting.delete(model);
    };
    const stop = timer(() => {
      answer();
      end();
    }, settings[model]?.ms ?? 0);
    return () => {
      stop();
      end();
    };
  };

  return {
    configure(next: ModelSettings) {
      settings = next;
    },
    /**
     * Calls `answer` when the model's time has passed.
     *
     * @returns abandons the call, as a closed connection does: it is not answered and the next call begins
     */
    answerAfter(model: string, answer: () => void): () => void {
      const one = settings[model]?.one ?? false;
      const queue = waiting.get(model);
      if (!one || !queue) {
        if (one) waiting.set(model, []);
        return start(model, one, answer);
      }
      let abandon = () => {
        const place = queue.indexOf(begin);
        if (place >= 0) queue.splice(place, 1);
      };
      const begin = () => {
        abandon = start(model, one, answer);
      };
      queue.push(begin);
      return () => abandon();
    },
  };
}
