import type { BoxCorners, EvaluatedPost } from "../../schemas/evaluation.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { rleBounds } from "../../schemas/rle.ts";

/** Gold or predictions as every scorer takes them, whatever kind of file they came from. */
export interface EvaluatedFile {
  /** The kind of the file: a name of `KINDS`. */
  readonly kind: string;
  readonly posts: readonly EvaluatedPost[];
  /** What a person should know about the file. */
  readonly notes: readonly string[];
  /** What the file cannot tell, with the reason. What is absent here it tells. */
  readonly missing: Missing;
  /** Counts of the files beside it, for `stats`. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Whether an entity's `text` is not the post's own spelling, so that it has to be read from the gold post. */
  readonly respelled?: boolean;
}

export interface Missing {
  readonly regions?: string;
  readonly offsets?: string;
}

/** The file that is read, and what the command line says of it. */
export interface ReadOptions {
  /** Which side of the comparison the file is: some kinds hold both. */
  readonly role: "gold" | "predictions";
  /** The path, for the folders that stand beside the file. */
  readonly file: string;
  /** A folder of Pascal VOC files. */
  readonly xml?: string;
  /** A folder of Twitter-SMNER's JSON files. */
  readonly masks?: string;
  /** Which fields of these files hold what: `objects=shapes,name=label`. */
  readonly maskFields?: string;
  /** OFA's list of boxes for the rows of RiVEG's predictions. */
  readonly boxes?: string;
}

/** A kind of file. */
export interface Kind {
  /** What a person calls it on the command line. */
  readonly name: string;
  /** A short description of the file's form. The error for an unknown file lists it. */
  readonly form: string;
  /** Whether a text is of this kind. */
  recognizes(text: string, options: ReadOptions): boolean;
  /** Reads the file. Throws an error that names the place when the file is malformed. */
  read(text: string, options: ReadOptions): Promise<EvaluatedFile>;
}

/** Twitter-2017 and later work on GMNER write MISC for the type that Twitter-GMNER calls OTHER. */
export function typeNamed(type: string): string {
  return type === "MISC" ? "OTHER" : type;
}

/** The id of a post, from the name of its picture. */
export function idOfPicture(name: string): string {
  return name.replace(/\.(?:jpe?g|png)$/i, "");
}

/**
 * The ids under which other files may have what belongs to a post: its own, and for `id#2`, which is a second post of
 * one id (`postsOf` of CoNLL), that id.
 */
export function idsInFiles(id: string): string[] {
  return [...new Set([id, id.replace(/(?<=.)#\d+$/, "")])];
}

/** What a map by ids has for a post; undefined when it has nothing. */
export function ofPost<Value>(byId: ReadonlyMap<string, Value>, id: string): Value | undefined {
  const found = idsInFiles(id).find((one) => byId.has(one));
  return found === undefined ? undefined : byId.get(found);
}

/** The smallest box around each mask, for regions that have masks alone. */
export function boxesAround(masks: ReadonlyArray<RleMask | null>): BoxCorners[] {
  return masks.flatMap((mask) => {
    const bounds = mask && rleBounds(mask);
    return bounds ? [[bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax] satisfies BoxCorners] : [];
  });
}
