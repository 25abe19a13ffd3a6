import { DEFINITION } from "./definition.ts";
import { H_INDEX } from "./h-index.ts";
import { MASK_ANY, MASK_UNION } from "./masks.ts";
import { MULTI_BOX } from "./multi-box.ts";
import { PER_BOX } from "./per-box.ts";
import type { Protocol } from "./protocol.ts";
import { RIVEG } from "./riveg.ts";
import { SEQEVAL } from "./seqeval.ts";

/** Every protocol, in the order of the table. */
export const PROTOCOLS: readonly Protocol[] = [
  DEFINITION,
  RIVEG,
  SEQEVAL,
  PER_BOX,
  MULTI_BOX,
  H_INDEX,
  MASK_ANY,
  MASK_UNION,
];
