import type { ReadEvent } from "../../schemas/event-reader.ts";

/** What each stage finds, in the order in which stages run. */
const STEPS = [
  ["mention", "names"],
  ["expression", "expressions"],
  ["visibility", "judged"],
  ["region", "boxes"],
  ["mask", "masks"],
] as const;

/** One line that says how far a post is, as its events arrive. */
export class Progress {
  readonly #counts = new Map<string, number>();
  readonly #names = new Set<string>();

  /** Takes an event in. */
  add({ event, data }: ReadEvent): void {
    // A name may have several mentions.
    if (event === "mention") this.#names.add((JSON.parse(data) as { entity: { id: string } }).entity.id);
    this.#counts.set(event, event === "mention" ? this.#names.size : (this.#counts.get(event) ?? 0) + 1);
  }

  /** For example `names 3 · expressions 3 · judged 2`. */
  toString(): string {
    const parts = STEPS.flatMap(([event, noun]) => {
      const count = this.#counts.get(event);
      return count === undefined ? [] : [`${noun} ${count}`];
    });
    return parts.length > 0 ? parts.join(" · ") : "reading";
  }
}
