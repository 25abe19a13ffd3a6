/**
 * What a detector's answer says of a name that may be visible, by Bayes' rule: how often it finds what is there, and
 * how often it finds something of the kind that nobody named.
 */
export interface Looking {
  /** Probability that the detector finds a named one that is there, or a trace of it. */
  readonly recall: number;
  /** Probability that a picture shows something of the kind although the name is not visible. */
  readonly unnamed: number;
}

/**
 * Looking for a person. Of people, the detector leaves a trace in 240 of 240 crops of four photos and in 423 of 480
 * cut-outs on strange backgrounds (training/measure-misses.ts); the recall is set between the two. How many pictures
 * show a person although the post's names are not visible is in no corpus at hand, and set by hand.
 */
export const PERSON: Looking = { recall: 0.97, unnamed: 0.25 };
/**
 * Looking for an animal or a thing of one of the other 79 classes: a trace in 300 of 300 crops of five clear photos.
 * Both numbers are set by hand, the recall below that: posts' photos are less clear.
 */
export const THING: Looking = { recall: 0.9, unnamed: 0.05 };
/**
 * Looking for a printed name: print is found when it is legible, and no other line reads like the name. Set by hand.
 */
export const PRINT: Looking = { recall: 0.9, unnamed: 0.01 };

/**
 * How much likelier a detection is when it is the named one than when it is not. A detection that is surely something
 * of the kind gives recall / unnamed; one that is nothing gives 1.
 * @param certainty probability that the detection is something of the kind
 */
export function likelihoodRatio({ recall, unnamed }: Looking, certainty: number): number {
  return (certainty * recall) / unnamed + (1 - certainty);
}

/**
 * How much likelier it is that a named one is there and missed than that it is not there.
 * @param left what the detector left of the kind: objects, a trace too weak for one, or nothing
 */
export function missedRatio({ recall, unnamed }: Looking, left: "objects" | "trace" | "nothing"): number {
  if (left === "trace") return 1;
  return (1 - recall) / (left === "objects" ? 1 : 1 - unnamed);
}

/** Bayes' rule in odds. */
export function posterior(prior: number, ratio: number): number {
  const yes = prior * ratio;
  return yes / (yes + 1 - prior);
}
