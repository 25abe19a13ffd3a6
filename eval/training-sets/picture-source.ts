import type { BoxCorners } from "../../schemas/evaluation.ts";
import { ofPost } from "../readers/evaluated-file.ts";
import { type EncodedPicture, encodePicture } from "./encoded-picture.ts";

/** What became of the pictures of a training set, by the ids of their posts. */
export interface PictureFacts {
  readonly missing: readonly string[];
  /** Files that are no picture or are cut off. */
  readonly broken: readonly string[];
  /** Pictures that were turned upright and written as JPEG. */
  readonly turned: readonly string[];
  /** Pictures that a gold box does not fit into: not the size that was annotated. */
  readonly too_small: readonly string[];
}

/** Encodes the pictures of entities that come post by post; it keeps one picture at a time. */
export class PictureSource {
  private readonly files: ReadonlyMap<string, string>;
  private last: { readonly postId: string; readonly picture: EncodedPicture | null } | null = null;
  private readonly found = { missing: [] as string[], broken: [] as string[], turned: [] as string[] };
  private readonly tooSmall = new Set<string>();

  /** @param files the pictures' paths by the id of their post */
  constructor(files: ReadonlyMap<string, string>) {
    this.files = files;
  }

  get facts(): PictureFacts {
    return { ...this.found, too_small: [...this.tooSmall] };
  }

  /** The picture of a post with an entity that has these boxes; null when it is missing or broken. */
  async pictureOf(postId: string, boxes: readonly BoxCorners[]): Promise<EncodedPicture | null> {
    if (this.last?.postId !== postId) this.last = { postId, picture: await this.encode(postId) };
    const { picture } = this.last;
    if (picture && boxes.some(([, , x2, y2]) => x2 > picture.width || y2 > picture.height)) this.tooSmall.add(postId);
    return picture;
  }

  private async encode(postId: string): Promise<EncodedPicture | null> {
    const file = ofPost(this.files, postId);
    if (file === undefined) {
      this.found.missing.push(postId);
      return null;
    }
    const picture = await encodePicture(file);
    if (!picture) this.found.broken.push(postId);
    if (picture?.isTurned) this.found.turned.push(postId);
    return picture;
  }
}
