import type { EntityType } from "../../../schemas/primitives.ts";
import type { Cue } from "./cues.ts";

/** Visible names and all names among those with a group or a cue. */
export type Counted = readonly [visible: number, all: number];

export interface TypeTable {
  /** By place among the post's PER names, or by whether there is one (`groupsOf`). */
  readonly groups: Readonly<Record<string, Counted>>;
  readonly cues: Readonly<Partial<Record<Cue, Counted>>>;
}

/**
 * Counted on the train split of Twitter-GMNER v2.0 (Yu et al., ACL 2023): 7,000 posts, 11,705 names, each once per post
 * and type, visible when the post's XML has a box with that name; cues as cues.ts reads them in the post's tokens
 * joined by spaces (`training/measure-text.ts count`). Cues with fewer than 30 names are left out, and, of other types
 * than PER, those that shift the share by less than 0.1. The corpus states no licence, so that nothing is fitted on it:
 * these are only counts.
 */
export const PRIOR_TABLE: Readonly<Record<EntityType, TypeTable>> = {
  PER: {
    groups: {
      "1 of 1": [2107, 3166],
      "1 of more": [623, 867],
      "2 of more": [472, 867],
      "3 of more": [44, 93],
    },
    cues: {
      about: [72, 140],
      "after colon": [623, 781],
      "after dot": [99, 190],
      and: [144, 226],
      art: [30, 133],
      author: [30, 73],
      "before colon": [85, 144],
      "before dot": [150, 263],
      birthday: [59, 68],
      by: [24, 207],
      congratulations: [38, 46],
      credit: [7, 74],
      crowd: [114, 228],
      "first word": [1095, 1405],
      handle: [141, 242],
      hashtag: [66, 110],
      "he or she": [445, 621],
      "i or my": [259, 440],
      "is or has": [333, 448],
      "items 1-3": [1064, 1442],
      "items 13-": [283, 585],
      "items 4-7": [1319, 1937],
      "items 8-12": [624, 1086],
      like: [33, 69],
      of: [62, 109],
      "one word": [837, 1412],
      picture: [155, 240],
      place: [22, 39],
      possessive: [125, 212],
      question: [18, 44],
      repeated: [52, 67],
      the: [21, 50],
      "to or from": [68, 139],
      "verb after": [604, 798],
      versus: [27, 42],
      with: [80, 132],
    },
  },
  LOC: {
    groups: {
      "beside PER": [26, 641],
      "no PER": [142, 1275],
    },
    cues: {
      "after colon": [18, 92],
      "after dot": [7, 35],
      handle: [8, 34],
      "is or has": [13, 49],
    },
  },
  ORG: {
    groups: {
      "beside PER": [255, 1202],
      "no PER": [565, 1793],
    },
    cues: {
      congratulations: [17, 45],
      of: [12, 70],
      picture: [34, 86],
      place: [26, 164],
      versus: [56, 140],
    },
  },
  OTHER: {
    groups: {
      "beside PER": [110, 741],
      "no PER": [352, 1060],
    },
    cues: {
      "after colon": [61, 144],
      "first word": [106, 256],
      "is or has": [31, 67],
      "items 1-3": [101, 280],
      place: [14, 120],
      "to or from": [6, 54],
    },
  },
};
