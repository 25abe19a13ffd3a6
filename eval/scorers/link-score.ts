import { boxIou } from "../../schemas/geometry.ts";
import type { Thing } from "../readers/example-sets.ts";
import type { Case } from "./claims.ts";
import { RIGHT_BOX } from "./visibility-score.ts";

export interface Count {
  readonly right: number;
  readonly total: number;
}

/** How often a name has its own box and not another's, over visible entities of posts with two candidates or more. */
export interface LinkScore {
  /** Text and picture together say which thing it is. */
  readonly decided: Count;
  /** A reader could only guess. */
  readonly undecided: Count;
  /** Both, by what the answer says the link rests on; entities without a region, or with no such word, are left out. */
  readonly by_basis: Readonly<Record<string, Count>>;
}

/** A post: the things in its picture, and its gold entities with what a system claims of each. */
export interface PostCases {
  readonly things: readonly Thing[];
  readonly cases: readonly Case[];
}

/** Score the links of posts. Posts that do not say whether the text decides are left out. */
export function scoreLinks(posts: readonly PostCases[]): LinkScore {
  const links = posts.flatMap(({ things, cases }) =>
    cases
      .filter(({ gold }) => gold.isDecided !== null && hasCompetition(gold.things, things))
      .map((one) => ({
        isDecided: one.gold.isDecided,
        isRight: isRightLink(one, things),
        basis: one.claim?.visible ? one.claim.region?.basis : null,
      })),
  );
  const count = (counted: typeof links): Count => ({
    right: counted.filter(({ isRight }) => isRight).length,
    total: counted.length,
  });
  const bases = new Set(links.flatMap(({ basis }) => basis ?? []));
  return {
    decided: count(links.filter(({ isDecided }) => isDecided)),
    undecided: count(links.filter(({ isDecided }) => !isDecided)),
    by_basis: Object.fromEntries(
      [...bases].toSorted().map((name) => [name, count(links.filter(({ basis }) => basis === name))]),
    ),
  };
}

/** Whether the picture shows another thing of the kind of one of these: another person, or another name in print. */
function hasCompetition(own: readonly Thing[], things: readonly Thing[]): boolean {
  return own.some(({ kind }) => things.filter((thing) => thing.isCandidate && thing.kind === kind).length >= 2);
}

/** Whether the first region fits a thing of the entity's own, and fits it better than any other thing. */
function isRightLink({ gold, claim }: Case, things: readonly Thing[]): boolean {
  const box = claim?.visible ? claim.region?.box : null;
  if (!box) return false;
  const bestOf = (some: readonly Thing[]) => Math.max(0, ...some.map((thing) => boxIou(thing.box, box)));
  const own = bestOf(gold.things);
  return own >= RIGHT_BOX && own > bestOf(things.filter((thing) => !gold.things.includes(thing)));
}
