import { type Figure, shown } from "./figures.ts";

/** The committed figures, by `bench: name`. */
export type Reference = Readonly<Record<string, number>>;

/**
 * How far a figure may be from its reference before it is a regression, as a ratio, by benchmark. Set by hand.
 */
export const MARGINS: Readonly<Record<string, { readonly better: "less" | "more"; readonly ratio: number }>> = {
  floor: { better: "less", ratio: 1.05 },
  order: { better: "more", ratio: 1.05 },
  rate: { better: "more", ratio: 1.3 },
  size: { better: "less", ratio: 1.02 },
};

export const keyOf = ({ bench, name }: Pick<Figure, "bench" | "name">): string => `${bench}: ${name}`;

/** The figures that are checked, as a reference. */
export function referenceOf(figures: readonly Figure[]): Reference {
  const checked = figures.filter(({ bench }) => Object.hasOwn(MARGINS, bench));
  return Object.fromEntries(checked.map((figure) => [keyOf(figure), Number(figure.value.toPrecision(4))]));
}

/**
 * What is worse than its reference by more than its margin, one sentence each. A figure without a reference, and a
 * reference without its figure, is a finding too: otherwise a renamed figure would never be checked again.
 */
export function regressionsOf(figures: readonly Figure[], committed: Reference): string[] {
  const checked = figures.filter(({ bench }) => Object.hasOwn(MARGINS, bench));
  const measured = new Set(checked.map(keyOf));
  const benches = new Set(checked.map(({ bench }) => bench));
  const missing = Object.keys(committed).filter((key) => benches.has(key.split(":")[0] ?? "") && !measured.has(key));
  return [
    ...checked.flatMap((figure) => {
      const key = keyOf(figure);
      const before = committed[key];
      const margin = MARGINS[figure.bench];
      if (before === undefined) return [`${key} has no reference; write it with --write.`];
      if (!margin) return [];
      const { better, ratio } = margin;
      const isWorse = better === "less" ? figure.value > before * ratio : figure.value < before / ratio;
      const range = `the reference is ${shown(before)}, and a ratio of ${ratio} is allowed`;
      return isWorse || Number.isNaN(figure.value)
        ? [`${key} is ${shown(figure.value)} ${figure.unit}; ${range}.`]
        : [];
    }),
    ...missing.map((key) => `${key} has a reference and was not measured.`),
  ];
}
