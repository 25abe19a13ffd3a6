import { describeError } from "../../observe/log.ts";
import { overlayPath } from "../../storage/overlay-store.ts";
import type { Run } from "../run.ts";
import { type DrawnAnswer, drawPng } from "./draw.ts";
import { signedLink } from "./keep-mask.ts";
import type { Picture } from "./read-picture.ts";

/** What of a request is kept so that its overlay can be drawn when its link is first followed. */
export interface KeptOverlay {
  /** A signed link to the overlay; null when nothing of the post may stay, or the store is down. */
  link(answer: DrawnAnswer): Promise<string | null>;
}

/** Begin to keep the picture, beside the models; it is drawn on only when somebody follows the link. */
export function keepOverlay(picture: Picture, run: Run): KeptOverlay {
  const { overlays, log } = run.deployment;
  const { account, id } = run;
  const keep = async <T>(work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      log({ event: "overlay_not_kept", ...describeError(error) });
      return null;
    }
  };
  const writing = run.store
    ? keep(() => run.limit(() => overlays.putPicture(account, id, picture)).then(() => true))
    : null;
  let linked = false;
  // A request that ends without an answer leaves nothing behind.
  run.pictures.atEnd(async () => {
    if ((await writing) && !linked) await keep(() => overlays.delete(account, id));
  });
  return {
    async link({ entities, partial }) {
      if (!(await writing)) return null;
      return keep(async () => {
        await run.limit(() => overlays.putAnswer(account, id, { entities, partial }));
        linked = true;
        return signedLink(overlayPath(account, id), run);
      });
    },
  };
}

/**
 * The overlay of an earlier request of the run's account, drawn when it is first asked for; null when it is not kept
 * any more.
 */
export async function drawKeptOverlay(id: string, run: Run): Promise<Uint8Array<ArrayBuffer> | null> {
  const { overlays } = run.deployment;
  const drawn = await run.limit(() => overlays.getPng(run.account, id));
  if (drawn) return drawn;
  const source = await run.limit(() => overlays.getSource(run.account, id));
  if (!source) return null;
  const png = await drawPng(source.answer as DrawnAnswer, source.picture as Picture, null, run);
  run.waitUntil(run.limit(() => overlays.putPng(run.account, id, png)));
  return png;
}
