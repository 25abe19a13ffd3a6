import fc from "fast-check";

/** Random choices in order. When they are used up, every choice is the first one, which is always the harmless one. */
export class Tape {
  readonly #values: readonly number[];
  #next = 0;

  constructor(values: readonly number[]) {
    this.#values = values;
  }

  get isOver(): boolean {
    return this.#next >= this.#values.length;
  }

  /** A number from 0 to before `limit`. */
  below(limit: number): number {
    return (this.#values[this.#next++] ?? 0) % limit;
  }

  /** One of the options; an option that is there twice is twice as likely. */
  pick<Option>(options: readonly Option[]): Option {
    return options[this.below(options.length)] as Option;
  }
}

/** Tapes for the choices of one world. */
export const tapes = fc.array(fc.nat(0xffff), { minLength: 20, maxLength: 110, size: "max" });
