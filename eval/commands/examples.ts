import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { rleOf } from "../../schemas/polygon.ts";
import type { Box } from "../../schemas/primitives.ts";
import { type Entity, RecognizeAnswer } from "../../schemas/recognize.ts";
import { rleIou } from "../../schemas/rle.ts";
import { GroundingOutput } from "../../schemas/stages/grounding.ts";
import { type Post, readMask, readPicture, readPosts } from "../readers/posts.ts";
import { rasterise } from "../scorers/polygon.ts";
import { type Case, type Claim, scoreVisibility, type VisibilityScore } from "../scorers/visibility-score.ts";

const FOLDER = fileURLToPath(new URL("../../examples", import.meta.url));
const USAGE = "usage: npm run eval -- examples [--json]";
/** What the baseline asks for: the box of a PER with this expression and no name. */
const A_PERSON = "a person";

/** One post, what the Worker answered, and the person that the second baseline points at. */
interface Answered {
  readonly post: Post;
  readonly entities: readonly Entity[];
  readonly person: Box | null;
}

interface MaskScore {
  readonly mask: string;
  /**
   * Mean over the posts that led to a mask; null when none did. `posts` show the subject, `answered` of them led to a
   * mask.
   */
  readonly iou: number | null;
  readonly posts: number;
  readonly answered: number;
}

interface Report {
  readonly posts: number;
  readonly found: number;
  readonly spurious: number;
  readonly systems: Readonly<Record<"ours" | "always_no" | "always_largest_person", VisibilityScore>>;
  readonly masks: readonly MaskScore[];
}

/**
 * Score the running stack (NAMESIGHT_URL, FUNCTIONS_URL) on the posts of `examples/`, beside two baselines over the
 * same mentions.
 * @returns the exit code: 2 when it was called wrongly. Throws when the stack does not answer.
 */
export async function evaluateExamples(argv: string[]): Promise<number> {
  const { NAMESIGHT_URL: api, FUNCTIONS_URL: functions } = process.env;
  const { values, positionals } = parseArgs({
    args: argv,
    options: { json: { type: "boolean", default: false } },
    strict: false,
  });
  if (positionals.length > 0 || !api || !functions) {
    console.error(`${USAGE}\nNAMESIGHT_URL and FUNCTIONS_URL name the stack; npm run eval starts one.`);
    return 2;
  }
  const answered: Answered[] = [];
  for (const post of await readPosts(FOLDER)) {
    const image = await readPicture(FOLDER, post);
    const { entities } = RecognizeAnswer.parse(await send(`${api}/v1/recognize`, { text: post.text, image }));
    const wanted = { image, entities: [{ id: "person", type: "PER", expression: A_PERSON }] };
    const { output } = (await send(`${functions}/grounding/predictions`, { input: wanted })) as { output: unknown };
    const [grounding] = GroundingOutput.parse(output).groundings;
    answered.push({ post, entities, person: grounding?.regions[0]?.box ?? null });
  }
  const report = await score(answered);
  console.log(values.json ? JSON.stringify(report) : render(report));
  return 0;
}

async function score(answered: readonly Answered[]): Promise<Report> {
  const claims: Record<keyof Report["systems"], (entity: Entity, person: Box | null) => Claim> = {
    ours: ({ visible, regions }) => ({ visible: visible === true, box: regions[0]?.box ?? null }),
    always_no: () => ({ visible: false, box: null }),
    always_largest_person: (_entity, person) => ({ visible: person !== null, box: person }),
  };
  const matched = answered.map(({ post, entities, person }) => {
    const pairs = post.gold.map((gold) => ({
      gold,
      entity: entities.find((entity) => hasMention(entity, gold)) ?? null,
    }));
    return { person, pairs, spurious: entities.filter((entity) => !pairs.some((pair) => pair.entity === entity)) };
  });
  const systemScore = (claim: (entity: Entity, person: Box | null) => Claim) => {
    const cases = matched.flatMap(({ pairs, person }) => {
      return pairs.map(({ gold, entity }): Case => ({ gold: gold.boxes, claim: entity && claim(entity, person) }));
    });
    return scoreVisibility(
      cases,
      matched.flatMap(({ spurious, person }) => spurious.map((entity) => claim(entity, person))),
    );
  };
  return {
    posts: answered.length,
    found: matched.flatMap(({ pairs }) => pairs.filter(({ entity }) => entity)).length,
    spurious: matched.flatMap(({ spurious }) => spurious).length,
    systems: {
      ours: systemScore(claims.ours),
      always_no: systemScore(claims.always_no),
      always_largest_person: systemScore(claims.always_largest_person),
    },
    masks: await scoreMasks(matched.flatMap(({ pairs }) => pairs)),
  };
}

/** A gold entity is found when a mention has exactly its span; its type is not asked here. */
function hasMention({ mentions }: Entity, gold: { start: number; end: number }): boolean {
  return mentions.some(({ start, end }) => start === gold.start && end === gold.end);
}

/** Of each gold mask: IoU with the mask that our own first box led to. */
async function scoreMasks(
  pairs: ReadonlyArray<{ gold: Post["gold"][number]; entity: Entity | null }>,
): Promise<MaskScore[]> {
  const paths = [...new Set(pairs.flatMap(({ gold }) => gold.mask ?? []))].toSorted();
  return Promise.all(
    paths.map(async (path) => {
      const { size, polygons } = await readMask(FOLDER, path);
      const wanted = rasterise(polygons, { height: size[0], width: size[1] });
      const posts = pairs.filter(({ gold }) => gold.mask === path);
      const ious = posts.flatMap(({ entity }) => {
        const mask = entity?.visible ? entity.regions[0]?.mask : null;
        return mask ? [rleIou(rleOf(mask), wanted)] : [];
      });
      const iou = ious.length > 0 ? ious.reduce((sum, value) => sum + value, 0) / ious.length : null;
      return { mask: path, iou, posts: posts.length, answered: ious.length };
    }),
  );
}

function render({ posts, found, spurious, systems, masks }: Report): string {
  const { entities } = systems.ours;
  const row = (name: string, { precision, recall, f1, ...counts }: VisibilityScore) =>
    [
      name.padEnd(24),
      ...[precision, recall, f1].map((value) => (100 * value).toFixed(1).padStart(6)),
      `${counts.right_boxes}/${counts.visible}`.padStart(10),
      `${counts.rightly_none}/${counts.invisible}`.padStart(13),
      `${counts.right_answers}/${counts.entities}`.padStart(14),
    ].join(" ");
  return [
    `${posts} posts; ${found} of ${entities} gold entities found by exact span (any type), ${spurious} mentions beside them.`,
    "An entity that was not found is not answered: never right, and a miss where it is visible. A yes to a mention that is no gold entity is a false yes.",
    "",
    "over the same mentions        P      R     F1  right box  rightly none  right answers",
    row("ours", systems.ours),
    row("always no", systems.always_no),
    row("always largest person", systems.always_largest_person),
    "",
    `"largest person" is the box that the grounding function gives a PER without a name, called "${A_PERSON}"; no box, no yes.`,
    "A right box has IoU >= 0.5 with a gold box; of several regions the first counts.",
    "",
    ...masks.map(
      ({ mask, iou, posts: of, answered }) =>
        `${mask}: IoU ${iou?.toFixed(3) ?? "-"}, mean over the ${answered} of ${of} posts that led to a mask`,
    ),
  ].join("\n");
}

async function send(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 500)}`);
  return response.json();
}
