import { boxArea } from "../../schemas/geometry.ts";
import type { LinkBasis } from "../../schemas/link.ts";
import type { Size } from "../../schemas/primitives.ts";
import type { DetectedObject } from "../detect/objects.ts";
import { jointly } from "./joint.ts";
import { type Looking, likelihoodRatio, missedRatio, posterior } from "./looking.ts";
import { placePeople } from "./text/place-people.ts";
import type { Stated } from "./text/stated.ts";

/** A name of one kind, such as a person's. */
export interface SoughtName {
  /** Probability that the name is visible, from the text alone. */
  readonly prior: number;
  /** Where the text says that the named one is; null where it does not. */
  readonly stated: Stated | null;
  /** Whether the text says that the named one is not in the picture. */
  readonly excluded: boolean;
  /** Whether the name is printed: it then has an object only when it is rather that one than not. */
  readonly printed: boolean;
}

/** What was found for one name among the objects of its kind. */
export interface LinkedObject {
  /** Probability that the name is visible. */
  readonly visible: number;
  /** The object that the name has, or could have; null when there is none left for it. */
  readonly object: DetectedObject | null;
  readonly basis: LinkBasis;
  /** Probability that the object is the named one. */
  readonly score: number;
  /** Other objects that fit as well. */
  readonly alternatives: readonly DetectedObject[];
}

/** Probability that somebody is visible whose place in the picture the text states. Set by hand. */
const STATED = 0.97;
/** An object fits as well as another when its chance is at least this share of the other's. Set by hand. */
const AS_WELL = 0.5;
/** Least probability that an object is the named one, when the name is printed elsewhere. */
const RATHER = 0.5;
/** A row of people is the most prominent ones when the next is less prominent than this share. Set by hand. */
const BACKGROUND = 0.6;
/** Share of the picture from which a person's size no longer makes it likelier that a post names them. Set by hand. */
const LARGE = 0.1;

/**
 * Who is who among objects of one kind. Names whose place the text states have the object there. The others share the
 * rest by their joint probability (`jointly`); a name that gets none is offered the likeliest object that is left.
 * @param anyTrace whether the detector found a trace of the kind, perhaps too weak for an object
 */
export function linkObjects(
  names: readonly SoughtName[],
  objects: readonly DetectedObject[],
  anyTrace: boolean,
  looking: Looking,
  size: Size,
): LinkedObject[] {
  const placed = placeStated(names, objects, size);
  const stated = new Set(placed.filter((object) => object !== null));
  const rest = objects.filter((_, index) => !stated.has(index));
  const open = names.flatMap(({ excluded }, index) => (excluded || placed[index] !== null ? [] : [index]));
  const findings = jointly(
    open.map((index) => ({ prior: names[index]?.prior ?? 0 })),
    rest.map((object) => ({
      likelihoodRatio: likelihoodRatio(
        looking,
        object.score * Math.min(1, prominence(object, size) / Math.sqrt(LARGE)),
      ),
      prominence: object.score * prominence(object, size),
    })),
    missedRatio(looking, objects.length > 0 ? "objects" : anyTrace ? "trace" : "nothing"),
  );
  const has = (name: SoughtName | undefined, score: number) => !name?.printed || score >= RATHER;
  const taken = new Set(
    findings.flatMap(({ object, at }, place) =>
      object !== null && has(names[open[place] ?? 0], at[object] ?? 0) ? [object] : [],
    ),
  );
  return names.map((name, index): LinkedObject => {
    const { prior, excluded } = name;
    const none = { object: null, basis: "guess", score: 0, alternatives: [] } as const;
    const place = placed[index] ?? null;
    if (place !== null) {
      const visible = posterior(STATED, likelihoodRatio(looking, objects[place]?.score ?? 0));
      return { ...none, visible, object: objects[place] ?? null, basis: "stated_position", score: visible };
    }
    const finding = findings[open.indexOf(index)];
    if (excluded || !finding) return { ...none, visible: prior };
    const { visible, at } = finding;
    const chosen = finding.object ?? likeliest(at, (object) => !taken.has(object));
    if (chosen === null || !has(name, at[chosen] ?? 0)) return { ...none, visible };
    taken.add(chosen);
    const score = at[chosen] ?? 0;
    const alternatives = rest.filter((_, other) => other !== chosen && (at[other] ?? 0) >= AS_WELL * score);
    const basis = rest.length === 1 && open.length === 1 ? "only_candidate" : "guess";
    return { visible, object: rest[chosen] ?? null, basis, score, alternatives };
  });
}

/**
 * The object at each stated place. Where the text lists fewer people than there are, they are the most prominent ones,
 * if these stand out.
 */
function placeStated(
  names: readonly SoughtName[],
  objects: readonly DetectedObject[],
  size: Size,
): Array<number | null> {
  const stated = names.map(({ stated: position, excluded }) => (excluded ? null : position));
  if (stated.every((position) => position === null)) return names.map(() => null);
  const place = (among: readonly number[]) =>
    placePeople(
      stated,
      among.flatMap((index) => objects[index]?.box ?? []),
      size,
    ).map((chosen) => (chosen === null ? null : (among[chosen] ?? null)));
  const all = objects.map((_, index) => index);
  const found = place(all);
  if (found.some((chosen) => chosen !== null)) return found;
  const people = Math.max(0, ...stated.map((position) => (position?.kind === "row" ? (position.of ?? 0) : 0)));
  const value = (index: number | undefined) => {
    const object = index === undefined ? undefined : objects[index];
    return object ? prominence(object, size) : 0;
  };
  const ranked = all.toSorted((a, b) => value(b) - value(a));
  const standOut = people > 0 && value(ranked[people]) < BACKGROUND * value(ranked[people - 1]);
  return standOut ? place(ranked.slice(0, people)) : found;
}

/**
 * The larger of two is more probably the one named. The square root makes it a share of lengths, not of areas. Set by
 * hand.
 */
function prominence({ box }: DetectedObject, { width, height }: Size): number {
  return Math.sqrt(boxArea(box) / (width * height));
}

/** The index of the highest value that is allowed; null when all are 0. */
function likeliest(values: readonly number[], allowed: (index: number) => boolean): number | null {
  let best: number | null = null;
  for (const [index, value] of values.entries()) {
    if (value > 0 && allowed(index) && (best === null || value > (values[best] ?? 0))) best = index;
  }
  return best;
}
