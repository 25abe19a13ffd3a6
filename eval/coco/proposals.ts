import * as z from "zod/mini";
import { BoxCorners, type EvaluatedPost } from "../../schemas/evaluation.ts";
import { PositionEncoding, RleMask } from "../../schemas/primitives.ts";
import { boxesOf } from "../segment/boxes.ts";
import type { PostMasks } from "../segment/segment-posts.ts";

/** An entity that a proposal is for. */
const ProposedEntity = z.strictObject({
  /** Its place among the entities of its post. */
  index: z.int(),
  type: z.string(),
  start: z.nullable(z.int()),
  end: z.nullable(z.int()),
});

/** A gold box, and the mask that was proposed for it. */
export const Proposal = z.strictObject({
  /** Names the proposal: `POST/ENTITY/BOX`, the last two counted from 0. */
  link: z.string(),
  /** Of its annotation in the COCO file; null where no mask was made. */
  annotation_id: z.nullable(z.int()),
  /** Of its picture in the COCO file; null where the picture cannot be read. */
  image_id: z.nullable(z.int()),
  post_id: z.string(),
  /** The entity's name. */
  text: z.string(),
  /** The entity's type, which is the annotation's category. */
  type: z.string(),
  offset_unit: PositionEncoding,
  /** Every entity of the post that has this name and this box. */
  entities: z.array(ProposedEntity),
  /** The place of the box among the boxes of the first of them. */
  box_index: z.int(),
  /** The gold box, in pixels of the upright picture. */
  box: BoxCorners,
  /** At the size of the upright picture; null where none was made. */
  mask: z.nullable(RleMask),
  /** Why there is no mask; null when there is one. */
  reason: z.nullable(z.string()),
});
export type Proposal = z.infer<typeof Proposal>;

/** A picture of the COCO file. */
export const ProposedPicture = z.strictObject({
  id: z.int(),
  /** The first post that has it: a post that comes again in the data set has the picture of the first. */
  post_id: z.string(),
  file_name: z.string(),
  /** In pixels of the upright picture. */
  width: z.int(),
  height: z.int(),
});
export type ProposedPicture = z.infer<typeof ProposedPicture>;

/**
 * What was proposed: the file beside the COCO file. Tools for annotation drop what they do not know, and number
 * annotations anew.
 */
export const ProposalsFile = z.strictObject({
  version: z.literal(1),
  pictures: z.array(ProposedPicture),
  proposals: z.array(Proposal),
});
export type ProposalsFile = z.infer<typeof ProposalsFile>;

/**
 * The proposals of posts with gold boxes. Entities of a post with one name that share a box are one proposal:
 * Twitter-SMNER links masks by the name.
 *
 * @param fileName the name of a post's picture
 */
export function proposalsOf(
  posts: readonly EvaluatedPost[],
  byPost: ReadonlyMap<string, PostMasks>,
  fileName: (post: string) => string,
): ProposalsFile {
  const pictures = new Map<string, ProposedPicture>();
  const proposals: Proposal[] = [];
  let annotations = 0;
  for (const post of posts) {
    const masks = byPost.get(post.id);
    if (!masks) continue;
    const [height, width] = masks.size ?? [0, 0];
    const file_name = fileName(post.id);
    const id = pictures.get(file_name)?.id ?? pictures.size + 1;
    const image_id = masks.size && id;
    if (masks.size && !pictures.has(file_name))
      pictures.set(file_name, { id, post_id: post.id, file_name, width, height });
    for (const proposal of proposalsOfPost(post, masks)) {
      const annotation_id = proposal.mask ? ++annotations : null;
      proposals.push({ ...proposal, annotation_id, image_id });
    }
  }
  return { version: 1, pictures: [...pictures.values()], proposals };
}

function proposalsOfPost(post: EvaluatedPost, { results }: PostMasks): Proposal[] {
  const { places } = boxesOf(post);
  const byBox = new Map<string, Proposal>();
  for (const [index, { text, type, start, end, boxes }] of post.entities.entries()) {
    for (const [box_index, box] of boxes.entries()) {
      const key = JSON.stringify([text, box]);
      const entity = { index, type, start, end };
      const known = byBox.get(key);
      if (known) {
        // One entity may have a box twice.
        if (known.entities.at(-1)?.index !== index) known.entities.push(entity);
        continue;
      }
      const result = results[places[index]?.[box_index] ?? -1];
      const hasMask = result !== undefined && "mask" in result;
      byBox.set(key, {
        link: `${post.id}/${index}/${box_index}`,
        annotation_id: null,
        image_id: null,
        post_id: post.id,
        text,
        type,
        offset_unit: post.offset_unit,
        entities: [entity],
        box_index,
        box,
        mask: hasMask ? result.mask : null,
        reason: hasMask ? null : (result?.reason ?? "not_asked"),
      });
    }
  }
  return [...byBox.values()];
}
