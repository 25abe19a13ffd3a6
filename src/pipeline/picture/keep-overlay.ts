import { describeError } from "../../observe/log.ts";
import { overlayPath } from "../../storage/overlay-store.ts";
import type { Run } from "../run.ts";
import { canDraw, type DrawnAnswer, drawPng } from "./draw.ts";
import { signedLink } from "./keep-mask.ts";
import type { Picture } from "./read-picture.ts";

/** What of a request is kept so that its overlay can be drawn when its link is first followed. */
export interface KeptOverlay {
  /**
   * A signed link to the overlay. Null when nothing of the post may stay, when the picture cannot be drawn on, when the
   * caller has left, and when the store is down or not done by the deadline.
   */
  link(answer: DrawnAnswer): Promise<string | null>;
}

/**
 * Begin to keep the picture, beside the models; it is drawn on only when somebody follows the link. A request that ends
 * without giving out the link leaves nothing behind.
 */
export function keepOverlay(picture: Picture, run: Run): KeptOverlay {
  const { overlays } = run.deployment;
  const { account, id, signal, caller } = run;
  const isKept = run.store && canDraw(picture, run);
  const writing = isKept ? stored(run, () => overlays.putPicture(account, id, picture)) : Promise.resolve(false);
  let linked = false;
  run.pictures.atEnd(async () => {
    if ((await writing) && !linked) await stored(run, () => overlays.delete(account, id));
  });
  return {
    async link({ entities, partial }) {
      const keeping = (async () => {
        const ready =
          (await writing) && (await stored(run, () => overlays.putAnswer(account, id, { entities, partial })));
        return ready && !caller.aborted ? signedLink(overlayPath(account, id), run) : null;
      })();
      const link = await Promise.race([keeping, aborted(signal)]);
      linked = link !== null;
      return link;
    },
  };
}

/**
 * The overlay of an earlier request of the run's account, drawn when it is first asked for; null when it is not kept
 * any more.
 */
export async function drawKeptOverlay(id: string, run: Run): Promise<Uint8Array<ArrayBuffer> | null> {
  const { overlays } = run.deployment;
  const { account } = run;
  const getDrawing = () => run.limit(() => overlays.getPng(account, id));
  const drawn = await getDrawing();
  if (drawn) return drawn;
  const source = await run.limit(() => overlays.getSource(account, id));
  // Another request may have drawn it meanwhile, which deletes the source.
  if (!source) return getDrawing();
  const png = await drawPng(source.answer as DrawnAnswer, source.picture as Picture, null, run);
  run.waitUntil(stored(run, () => overlays.putPng(account, id, png)));
  return png;
}

/** Whether the store did what was asked of it. That it did not costs an overlay and no answer. */
async function stored({ limit, deployment }: Run, work: () => Promise<void>): Promise<boolean> {
  try {
    await limit(work);
    return true;
  } catch (error) {
    deployment.log({ event: "overlay_not_kept", ...describeError(error) });
    return false;
  }
}

/** Resolves with null as soon as the signal aborts. */
function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    signal.addEventListener("abort", () => resolve(null), { once: true });
  });
}
