import type { BoxCorners } from "../../schemas/evaluation.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { rleIou, rleUnion } from "../../schemas/rle.ts";
import { idOfPicture } from "../readers/evaluated-file.ts";
import { type CorrectedAnnotation, type CorrectedFile, type CorrectedPicture, maskOf } from "./corrected-file.ts";
import { isBoxOfProposal, type Link, type LinkedBy, linkAnnotations } from "./link.ts";
import { postOfFileName } from "./picture-name.ts";
import type { Proposal, ProposalsFile, ProposedPicture } from "./proposals.ts";

/** An entity and its gold box, in a confirmed file. */
interface ConfirmedBox {
  /** The entity's name, by which Twitter-SMNER links. */
  readonly label: string;
  readonly type: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly box: BoxCorners;
}

/** A mask that people have confirmed: an object of `MASK_FIELDS`. */
interface ConfirmedMask extends ConfirmedBox {
  readonly shape_type: "mask";
  readonly segmentation: RleMask;
  /** `drawn` where nothing was proposed. */
  readonly status: "unchanged" | "changed" | "drawn";
  /** IoU with the proposal; null where nothing was proposed. */
  readonly iou: number | null;
  readonly linked_by: LinkedBy;
  /** The category that people gave it, where it is not the entity's type. */
  readonly category?: string;
}

/** The confirmed masks of a picture, in the form that the kind `smner` reads with the default fields. */
export interface ConfirmedFile {
  readonly imagePath: string;
  readonly imageHeight: number;
  readonly imageWidth: number;
  readonly shapes: readonly ConfirmedMask[];
  /** Proposals that people have removed. */
  readonly rejected: readonly ConfirmedBox[];
  /** Gold boxes for which nothing was proposed, and nothing was drawn. */
  readonly without_mask: ReadonlyArray<ConfirmedBox & { readonly reason: string | null }>;
}

export interface Confirmation {
  /** By the post's id. */
  readonly files: ReadonlyMap<string, ConfirmedFile>;
  /** Annotations that are of no proposal, and why. */
  readonly unlinked: readonly string[];
  /** Posts whose picture the corrected file does not have: nobody has seen them. */
  readonly notSeen: readonly string[];
  /** How many annotations are a box without a mask. Some tools write such a box beside each mask. */
  readonly bareBoxes: number;
  /** How many annotations were joined to the mask of another annotation. */
  readonly joined: number;
}

/**
 * What people made of proposals. Throws, naming the place, when a picture has another size than its proposals, occurs
 * twice, or a mask cannot be read.
 */
export function confirm(corrected: CorrectedFile, { pictures, proposals }: ProposalsFile): Confirmation {
  const seen = seenPictures(corrected, pictures);
  const files = new Map<string, ConfirmedFile>();
  const known = new Set([...seen.values()].map(({ id }) => id));
  const unlinked = corrected.annotations
    .filter(({ image_id }) => !known.has(image_id))
    .map(({ place }) => `${place}: no proposal has this picture`);
  const notSeen: string[] = [];
  let [bareBoxes, joined] = [0, 0];
  for (const picture of pictures) {
    const found = seen.get(picture);
    const own = proposals.filter(({ image_id }) => image_id === picture.id);
    const posts = new Set([picture.post_id, ...own.map(({ post_id }) => post_id)]);
    if (!found) {
      notSeen.push(...posts);
      continue;
    }
    const annotations = corrected.annotations.filter(({ image_id }) => image_id === found.id);
    const masked = annotations.flatMap((annotation) => {
      const mask = maskOf(annotation, [picture.height, picture.width]);
      return mask ? [{ annotation, mask }] : [];
    });
    const withMask = new Set(masked.map(({ annotation }) => annotation));
    for (const bare of annotations.filter((annotation) => !withMask.has(annotation))) {
      if (bare.segmentation) unlinked.push(`${placeOf(bare)}: its mask has no pixel inside the picture`);
      else if (isBoxOfProposal(bare, own)) bareBoxes++;
      else unlinked.push(`${placeOf(bare)}: it has no mask, and its box is of no proposal`);
    }
    const links = linkAnnotations(masked, own);
    unlinked.push(...links.unlinked.map(({ annotation, why }) => `${placeOf(annotation)}: ${why}`));
    for (const parts of links.byProposal.values()) joined += parts.length - 1;
    for (const post of posts) {
      const ofPost = own.filter(({ post_id }) => post_id === post);
      files.set(post, fileOf(picture, ofPost, links.byProposal));
    }
  }
  return { files, unlinked, notSeen, bareBoxes, joined };
}

function placeOf({ place, category }: CorrectedAnnotation): string {
  return `${place}, ${category}`;
}

/** The pictures of the corrected file, by the picture of the proposals that they are. */
function seenPictures(
  { pictures: corrected }: CorrectedFile,
  pictures: readonly ProposedPicture[],
): Map<ProposedPicture, CorrectedPicture> {
  // Not by the post's id: that of a post that comes again is no name of a file.
  const byName = new Map(pictures.map((picture) => [idOfPicture(picture.file_name), picture]));
  const names = new Set(byName.keys());
  const seen = new Map<ProposedPicture, CorrectedPicture>();
  for (const picture of corrected) {
    const proposed = byName.get(postOfFileName(picture.file_name, names) ?? "");
    if (!proposed) continue;
    const before = seen.get(proposed);
    if (before) {
      const both = `image ${before.id} (${before.file_name}) and image ${picture.id} (${picture.file_name})`;
      throw new Error(`${both} are both the picture of post ${proposed.post_id}: keep one of them`);
    }
    const { width, height } = proposed;
    if ((picture.width ?? width) !== width || (picture.height ?? height) !== height) {
      const sizes = `has ${picture.width} × ${picture.height} pixels, and its proposals ${width} × ${height}`;
      throw new Error(`image ${picture.id} (${picture.file_name}) ${sizes}`);
    }
    seen.set(proposed, picture);
  }
  return seen;
}

function fileOf(
  { file_name, height, width }: ProposedPicture,
  proposals: readonly Proposal[],
  links: ReadonlyMap<Proposal, readonly Link[]>,
): ConfirmedFile {
  const left = proposals.filter((proposal) => !links.has(proposal));
  return {
    imagePath: file_name,
    imageHeight: height,
    imageWidth: width,
    shapes: proposals.flatMap((proposal) => {
      const [first, ...more] = links.get(proposal) ?? [];
      return first ? [maskOfLinks(proposal, first, more)] : [];
    }),
    rejected: left.filter(({ mask }) => mask !== null).map(boxOf),
    without_mask: left
      .filter(({ mask }) => mask === null)
      .map((proposal) => ({ ...boxOf(proposal), reason: proposal.reason })),
  };
}

function boxOf({ text, type, entities, box }: Proposal): ConfirmedBox {
  const [{ start = null, end = null } = {}] = entities;
  return { label: text, type, start, end, box };
}

const IOU_DIGITS = 4;

function maskOfLinks(proposal: Proposal, first: Link, more: readonly Link[]): ConfirmedMask {
  const mask = more.reduce((whole, part) => rleUnion(whole, part.mask), first.mask);
  const iou = proposal.mask && rleIou(mask, proposal.mask);
  const { category } = first.annotation;
  return {
    ...boxOf(proposal),
    shape_type: "mask",
    segmentation: mask,
    status: iou === null ? "drawn" : iou === 1 ? "unchanged" : "changed",
    iou: iou === null ? null : Number(iou.toFixed(IOU_DIGITS)),
    linked_by: first.by,
    ...(category !== proposal.type && { category }),
  };
}
