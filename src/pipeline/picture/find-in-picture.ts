import type { StageEntity } from "../../../schemas/primitives.ts";
import type { Judgement } from "../../../schemas/stages/entailment.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import { gather } from "../gather.ts";
import type { Post } from "../post.ts";
import type { Run } from "../run.ts";
import { type LocatedRegion, locate } from "./locate.ts";
import { type HasBox, visibilityOf } from "./visibility.ts";

export interface SearchOptions {
  readonly post: Pick<Post, "text" | "mode" | "thresholds">;
  /** How many entities will be added. */
  readonly entities: number;
  /** A description of the picture; null when there is none. */
  readonly caption: string | null;
  /** The picture that models see. */
  readonly picture: PictureRef;
  /** Of the caller's upright picture, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Takes the regions of one or several entities, as soon as it is known that they stay. */
  readonly found: (regions: readonly LocatedRegion[], entities: number) => void;
}

/** Entities that are being sought in a picture. */
export interface Search {
  /** Adds an entity whose expression is known, or for which there is none. */
  add(entity: StageEntity): void;
  /** Resolves when every entity was sought. */
  readonly done: Promise<void>;
}

/**
 * Seeks entities in the picture, each as soon as it is added: entailment judges it, and grounding finds its boxes. With
 * `mode: "fast"` both run at once; with `"cheap"`, grounding runs after entailment and only for the entities that
 * entailment did not judge invisible. Models that take many entities are asked once about all of them (`gather`). An
 * invisible entity loses its boxes; an undecided one keeps them. Emits a `visibility` event for each entity and a
 * `region` event for each box, as soon as they are known. With a threshold, visibility depends on the boxes and is
 * emitted with them.
 */
export function searchPicture({ post, entities, caption, picture, size, found }: SearchOptions, run: Run): Search {
  const threshold = post.thresholds.visible;
  const judgements = new Map<string, PromiseWithResolvers<Judgement | undefined>>();

  const visibilityWhen = async (id: string, hasBox: HasBox) => {
    const judgement = await judgements.get(id)?.promise;
    return visibilityOf(judgement, threshold, hasBox, run.stages.missing("entailment", id));
  };
  const emitVisibility = async (id: string, hasBox: HasBox) => {
    run.emit({ event: "visibility", entity_id: id, visibility: await visibilityWhen(id, hasBox) });
  };
  // Until grounding has answered, an entity counts as one with a box.
  const isRuledOut = async (id: string) => (await visibilityWhen(id, true)).visible === false;

  const judge = async (asked: readonly StageEntity[]) => {
    const background = caption === null ? {} : { caption };
    const question = { ...background, text: post.text, entities: [...asked] };
    await run.stages.run("entailment", question, picture, (output) => {
      for (const judgement of output.judgements) judgements.get(judgement.id)?.resolve(judgement);
    });
    for (const { id } of asked) judgements.get(id)?.resolve(undefined);
  };

  const place = async (asked: readonly StageEntity[], grounded: ReadonlyMap<string, readonly GroundedRegion[]>) => {
    const ruledOut = await Promise.all(asked.map(({ id }) => isRuledOut(id)));
    const kept = asked.filter((_, index) => !ruledOut[index]);
    const regions = locate(kept, grounded, picture, size, post.thresholds.region);
    const withBox = new Set(regions.map(({ entityId }) => entityId));
    if (threshold !== undefined) await Promise.all(asked.map(({ id }) => emitVisibility(id, withBox.has(id))));
    for (const { entityId, region } of regions) run.emit({ event: "region", entity_id: entityId, region });
    found(regions, asked.length);
  };
  const ground = async (asked: readonly StageEntity[]) => {
    const open = new Map(asked.map((entity) => [entity.id, entity]));
    const placing: Promise<void>[] = [];
    await run.stages.run("grounding", { text: post.text, entities: [...asked] }, picture, ({ groundings }) => {
      // A model may answer about one entity twice: it is placed once.
      const answered = groundings.flatMap(({ id }) => {
        const entity = open.get(id);
        open.delete(id);
        return entity ?? [];
      });
      placing.push(place(answered, new Map(groundings.map(({ id, regions }) => [id, regions]))));
    });
    await Promise.all([...placing, place([...open.values()], new Map())]);
  };

  const gathered = { contributions: entities, callsAtATime: Number.POSITIVE_INFINITY };
  const judging = gather({ ...gathered, batch: run.stages.batch("entailment"), ask: judge });
  const grounding = gather({ ...gathered, batch: run.stages.batch("grounding"), ask: ground });
  const emitting: Promise<void>[] = [];
  const seek = async (entity: StageEntity) => {
    const { id } = entity;
    if (threshold === undefined) emitting.push(emitVisibility(id, null));
    const leftOut = post.mode === "cheap" && (await isRuledOut(id));
    grounding.add(leftOut ? [] : [entity]);
    if (!leftOut) return;
    if (threshold !== undefined) await emitVisibility(id, false);
    found([], 1);
  };
  return {
    add(entity) {
      judgements.set(entity.id, Promise.withResolvers());
      judging.add([entity]);
      emitting.push(seek(entity));
    },
    done: judging.done
      .then(() => grounding.done)
      .then(() => Promise.all(emitting))
      .then(() => undefined),
  };
}
