import { type EvaluatedFile, ofPost } from "../readers/evaluated-file.ts";
import type { Expansion } from "../readers/expansions.ts";
import { picturesOf } from "../readers/picture-check.ts";
import { type LabelCounts, labelCounts, labelOf, trainingEntities } from "./entities.ts";
import {
  type EntailmentRow,
  entailmentRows,
  entailmentTsv,
  type GroundingRow,
  groundingRows,
  groundingTsv,
  type SeveralBoxes,
} from "./entity-rows.ts";
import { type PhrasedEntity, phrase } from "./phrasings.ts";
import { type PictureFacts, PictureSource } from "./picture-source.ts";
import { writeWholeFiles } from "./whole-files.ts";

/** What a training set of entities is made of, and where it goes. */
export interface EntitySetRequest {
  /** `ve` for visual entailment, `vg` for visual grounding. */
  readonly task: "ve" | "vg";
  readonly gold: EvaluatedFile;
  readonly expansions: ReadonlyArray<readonly Expansion[]>;
  /** Whether an entity without an expansion is written with its name alone; else it is an error. */
  readonly allowsNameAlone: boolean;
  /** Captions by the post's id (ve); null without. */
  readonly captions: ReadonlyMap<string, string> | null;
  /** Whether a row may have no caption; else it is an error. */
  readonly allowsNoCaption: boolean;
  readonly severalBoxes: SeveralBoxes;
  /** The folder of the pictures; null when rows are written whatever their picture is. */
  readonly images: string | null;
  /** The file of JSON lines. */
  readonly out: string;
  /** OFA's file, which needs the pictures; null without. */
  readonly tsv: string | null;
}

/** What `--json` prints of a training set of entities. Ids are those of posts. */
export interface EntitySetReport {
  readonly task: "ve" | "vg";
  /** The entities of the file, before those with one name and type in a post are made one. */
  readonly gold: { readonly kind: string; readonly posts: number } & LabelCounts;
  readonly entities: LabelCounts;
  /** Entities with several boxes, and which of these become rows (vg); null otherwise. */
  readonly several_boxes: { readonly rule: SeveralBoxes; readonly entities: number } | null;
  /** How many of the entities that become rows have so many phrasings; 0 stands for the name alone. */
  readonly entities_by_phrasings: Readonly<Record<string, number>>;
  /** The rows that were written. */
  readonly rows: { readonly total: number } & LabelCounts;
  /** Rows whose expansion a template wrote, and no language model. */
  readonly template_rows: number;
  /** Null without captions. */
  readonly rows_without_caption: number | null;
  /** What the pictures changed; null without a folder of pictures. */
  readonly pictures: (PictureFacts & { readonly rows_left_out: number }) | null;
  readonly notes: readonly string[];
}

type Row = EntailmentRow | GroundingRow;

/**
 * Writes a training set for visual entailment or visual grounding: JSON lines, and OFA's file where one is asked for.
 * Throws, and writes nothing, when gold has no regions or an entity lacks what the request does not allow it to lack.
 */
export async function buildEntitySet(request: EntitySetRequest): Promise<EntitySetReport> {
  const { task, gold, out, tsv } = request;
  if (gold.missing.regions !== undefined) throw new Error(`gold has no regions: ${gold.missing.regions}`);
  const all = trainingEntities(gold.posts);
  const used = phrasedEntities(
    all.filter(({ boxes }) => task === "ve" || boxes.length > 0),
    request,
  );
  const pictures = request.images === null ? null : new PictureSource(await picturesOf(request.images));
  const counts = { total: 0, positive: 0, negative: 0, template: 0, withoutCaption: 0, leftOut: 0 };
  await writeWholeFiles(tsv === null ? [out] : [out, tsv], async ([json, table]) => {
    for (const entity of used) {
      const rows = rowsOf(entity, request);
      const picture = pictures && (await pictures.pictureOf(entity.postId, entity.boxes));
      if (pictures && !picture) counts.leftOut += rows.length;
      for (const row of pictures && !picture ? [] : rows) {
        count(row);
        await json?.(`${JSON.stringify(row)}\n`);
        await table?.(tsvOf(row, picture?.base64 ?? ""));
      }
    }
  });
  const { template, withoutCaption, leftOut, ...rows } = counts;
  const several = all.filter(({ boxes }) => boxes.length > 1).length;
  return {
    task,
    gold: { kind: gold.kind, posts: gold.posts.length, ...labelCounts(gold.posts.flatMap(({ entities }) => entities)) },
    entities: labelCounts(all),
    several_boxes: task === "vg" ? { rule: request.severalBoxes, entities: several } : null,
    entities_by_phrasings: byPhrasings(used),
    rows,
    template_rows: template,
    rows_without_caption: request.captions && withoutCaption,
    pictures: pictures && { rows_left_out: leftOut, ...pictures.facts },
    notes: gold.notes,
  };

  function count(row: Row): void {
    counts.total++;
    counts[!("label" in row) || row.label === "entailment" ? "positive" : "negative"]++;
    if (row.expansion_method === "template") counts.template++;
    if ("caption" in row && row.caption === null) counts.withoutCaption++;
  }
}

/** The entities with their phrasings. Throws an error that counts those which lack something, and names the first. */
function phrasedEntities(
  entities: Parameters<typeof phrase>[0],
  { expansions, allowsNameAlone, captions, allowsNoCaption }: EntitySetRequest,
): PhrasedEntity[] {
  const phrased = phrase(entities, expansions);
  const bare = phrased.filter(({ phrasings }) => phrasings.length === 0);
  if (bare[0] && !allowsNameAlone) {
    const first = `${labelOf(bare[0].name, bare[0].type)} of post ${bare[0].postId}`;
    throw new Error(
      `${bare.length} of ${phrased.length} entities have no expansion; the first is ${first}. ` +
        "--without-expansion name writes them as NAME(TYPE) alone",
    );
  }
  const uncaptioned =
    captions && !allowsNoCaption ? phrased.filter(({ postId }) => ofPost(captions, postId) === undefined) : [];
  const ids = new Set(uncaptioned.map(({ postId }) => postId));
  if (uncaptioned[0]) {
    throw new Error(
      `${ids.size} posts have no caption; the first is ${uncaptioned[0].postId}. ` +
        "--without-captions leaves the caption empty where there is none",
    );
  }
  return phrased.map((entity) =>
    entity.phrasings.length > 0 ? entity : { ...entity, phrasings: [{ text: null, method: null }] },
  );
}

function rowsOf(entity: PhrasedEntity, { task, captions, severalBoxes }: EntitySetRequest): Row[] {
  return task === "ve" ? entailmentRows(entity, captions) : groundingRows(entity, severalBoxes);
}

function tsvOf(row: Row, base64: string): string {
  return "label" in row ? entailmentTsv(row, base64) : groundingTsv(row, base64);
}

function byPhrasings(entities: readonly PhrasedEntity[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { phrasings } of entities) {
    const count = phrasings.filter(({ text }) => text !== null).length;
    counts[count] = (counts[count] ?? 0) + 1;
  }
  return counts;
}
