import { LIMITS } from "../../../schemas/limits.ts";
import type { RleMask } from "../../../schemas/primitives.ts";
import { encodeMaskPng } from "../../image/mask-png.ts";
import type { Limiter } from "../../net/connections.ts";
import { describeError, type Log } from "../../observe/log.ts";
import { type MaskStore, maskPath } from "../../storage/mask-store.ts";
import type { LinkSigner } from "../../storage/signed-link.ts";
import type { KeepMask } from "./segment.ts";

/** Whose masks they are until accounts exist. */
const ACCOUNT = "public";

export interface MaskKeeping {
  readonly masks: MaskStore;
  readonly links: LinkSigner;
  /** Of the links: where the caller reached us. */
  readonly origin: string;
  readonly limit: Limiter;
  readonly clock: () => number;
  readonly log: Log;
}

/**
 * Keeps masks as PNG and links to them. A store that is down costs the link and not the answer, which carries the mask
 * itself.
 */
export function maskKeeper({ masks, links, origin, limit, clock, log }: MaskKeeping): KeepMask {
  return async function keepMask(mask: RleMask): Promise<string | null> {
    try {
      const sha = await limit(() => masks.put(ACCOUNT, mask, encodeMaskPng));
      const path = maskPath(ACCOUNT, sha);
      const query = await links.sign(path, Math.floor(clock() / 1000) + LIMITS.maskLinkSeconds);
      return `${origin}${path}?${query}`;
    } catch (error) {
      log({ event: "mask_not_kept", ...describeError(error) });
      return null;
    }
  };
}
