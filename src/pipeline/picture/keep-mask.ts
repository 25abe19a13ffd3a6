import { LIMITS } from "../../../schemas/limits.ts";
import type { RleMask } from "../../../schemas/primitives.ts";
import { encodeMaskPng } from "../../image/mask-png.ts";
import { joinUrl } from "../../net/join-url.ts";
import { describeError } from "../../observe/log.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import { maskPath } from "../../storage/mask-store.ts";
import type { Run } from "../run.ts";

/**
 * Stores a mask as PNG and returns a signed link to it. Null when the request has `store: false`, or the store is
 * down or too slow; the answer contains the mask itself in either case.
 */
export async function keepMask(mask: RleMask, run: Run): Promise<string | null> {
  if (!run.store) return null;
  const { masks, log } = run.deployment;
  try {
    const keeping = run.atStore(() => masks.put(run.account, mask, encodeMaskPng, (key) => void run.left.add(key)));
    // What is deleted when the run was canceled is deleted behind it.
    run.waitUntil(keeping.catch(() => undefined));
    const sha = await untilAborted(keeping, run.signal);
    return await signedLink(maskPath(run.account, sha), run);
  } catch (error) {
    log({ event: "mask_not_kept", ...describeError(error) });
    return null;
  }
}

/**
 * A signed link to a path of this Worker. It works for `LIMITS.maskLinkSeconds`.
 */
export async function signedLink(path: string, { deployment, origin }: Run): Promise<string> {
  const expires = Math.floor(deployment.clock() / 1000) + LIMITS.maskLinkSeconds;
  return `${joinUrl(origin, path).href}?${await deployment.links.sign(path, expires)}`;
}
