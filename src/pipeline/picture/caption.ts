import { plainParagraph } from "../../stages/caption/paragraph.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import { type CachedCaption, captionKey } from "../../storage/caption-cache.ts";
import { readCache, writeCache } from "../cache-call.ts";
import type { Run } from "../run.ts";
import type { Picture } from "./read-picture.ts";

/**
 * A description of the picture in plain words, as background for other models; null when no caption model is configured
 * or answers. It is read from the cache, else from another request that is asking for it, else a model is asked.
 *
 * @param picture as it came; null when none is to be described
 */
export async function captionPicture(
  preparing: Promise<PictureRef | null>,
  picture: Pick<Picture, "sha256"> | null,
  run: Run,
): Promise<string | null> {
  const [model] = run.stages.chain("caption");
  if (!model || picture === null) return null;
  if (!run.store) return (await describe(preparing, run))?.caption ?? null;
  const { captions, clock } = run.deployment;
  const started = clock();
  const key = await captionKey({ model: model.entry, promptVersion: model.promptVersion, picture: picture.sha256 });
  const kept = await readCache("caption", () => captions.get(key), null, run);
  // Nothing is awaited between the look for a flight and the lead of one, or two requests would both ask.
  const flight = kept ? null : captions.flights.join(key, run.signal);
  const own = kept || flight ? null : captions.flights.lead(key);
  const known = kept ?? (await flight?.catch(() => null)) ?? null;
  const caption = known && plainParagraph(known.caption);
  if (known && caption !== null) {
    run.stages.answeredFromCache("caption", { ...known, ms: clock() - started });
    return caption;
  }
  const land = own ?? captions.flights.lead(key);
  let made: CachedCaption | null = null;
  try {
    const described = await describe(preparing, run);
    // A fallback's caption is not kept: it would still be used when the first model works again. One of a picture that
    // models saw turned is not kept either: it may be wrong.
    const isForOthers = !run.stages.fellBack("caption") && (await preparing)?.orientation === 1;
    made = isForOthers ? described : null;
    return described?.caption ?? null;
  } finally {
    land(made);
    const answer = made;
    if (answer) run.waitUntil(writeCache("caption", key, () => captions.put(key, answer), run));
  }
}

async function describe(preparing: Promise<PictureRef | null>, run: Run): Promise<CachedCaption | null> {
  const picture = await preparing;
  const output = picture && (await run.stages.run("caption", {}, picture));
  const caption = output && plainParagraph(output.caption);
  return output && caption ? { caption, model: output.model, version: output.version } : null;
}
