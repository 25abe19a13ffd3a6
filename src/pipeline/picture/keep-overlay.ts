import { describeError } from "../../observe/log.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import { overlayKeys, overlayPath } from "../../storage/overlay-store.ts";
import type { StoredFile } from "../../storage/stored-file.ts";
import type { Run } from "../run.ts";
import { canDraw, claimDrawing, type DrawnAnswer, drawPng } from "./draw.ts";
import { signedLink } from "./keep-mask.ts";
import type { Picture } from "./read-picture.ts";

/** A request's picture and answer in the store. Its overlay is drawn from them when its link is first followed. */
export interface KeptOverlay {
  /**
   * Stores the answer and returns a signed link to its overlay. Null when the request has `store: false`, the picture
   * cannot be drawn on, the caller has left, or the store is down or not done by the deadline.
   */
  link(answer: DrawnAnswer): Promise<string | null>;
}

/**
 * Starts to store the picture while the models run; nothing is drawn until somebody follows the link. When the request
 * ends without a link in its answer, what was stored is deleted.
 */
export function keepOverlay(picture: Picture, run: Run): KeptOverlay {
  const { overlays } = run.deployment;
  const { account, id, signal, caller } = run;
  const isKept = run.store && canDraw(picture, run);
  if (isKept) for (const key of overlayKeys(account, id)) run.left.add(key);
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
      // What is deleted when the run was canceled is deleted behind it.
      run.waitUntil(keeping.catch(() => undefined));
      const link = await untilAborted(keeping, signal).catch(() => null);
      linked = link !== null;
      return link;
    },
  };
}

/** An overlay that was just drawn, or a stream of one that is stored. */
export interface ServedOverlay {
  readonly body: Uint8Array<ArrayBuffer> | StoredFile["body"];
  /** In bytes. */
  readonly size: number;
}

/**
 * The overlay of an earlier request of the run's account as PNG, drawn when it is first requested; null when it is no
 * longer stored.
 *
 * @param id of the earlier request
 */
export async function drawKeptOverlay(id: string, run: Run): Promise<ServedOverlay | null> {
  const { overlays } = run.deployment;
  const { account } = run;
  const getDrawing = () => run.atStore(() => overlays.getPng(account, id), run.signal);
  const drawn = await getDrawing();
  if (drawn) return drawn;
  claimDrawing(run);
  const source = await run.atStore(() => overlays.getSource(account, id), run.signal);
  // Another request may have drawn it meanwhile, which deletes the source.
  if (!source) return getDrawing();
  const png = await drawPng(source.answer as DrawnAnswer, source.picture as Picture, null, run);
  run.waitUntil(stored(run, () => overlays.putPng(account, id, png)));
  return { body: png, size: png.length };
}

/** Whether the store did the work. A failure is logged; the answer then has no overlay. */
async function stored({ atStore, deployment }: Run, work: () => Promise<void>): Promise<boolean> {
  try {
    await atStore(work);
    return true;
  } catch (error) {
    deployment.log({ event: "overlay_not_kept", ...describeError(error) });
    return false;
  }
}
