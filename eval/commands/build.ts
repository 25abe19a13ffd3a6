import { readExpansions } from "../readers/expansions.ts";
import { readPostTexts } from "../readers/post-texts.ts";
import { buildTable } from "../report/build-table.ts";
import { buildMentionSet } from "../training-sets/build-mention-set.ts";
import { SEVERAL_BOXES } from "../training-sets/entity-rows.ts";
import { partOf } from "../training-sets/whole-files.ts";
import { type CommandLine, faultOfWritten, readCommandLine } from "./command-line.ts";
import { GOLD_FOLDERS, readGold } from "./gold-file.ts";

export const BUILD_USAGE = `usage: npm run eval -- build ve|vg|mner --gold FILE --out FILE [--json] …

Make a training set from a data set of any format of docs/evaluation.md, as RiVEG does: ve for visual entailment, vg for
visual grounding, mner for mention recognition. FILE of --out gets JSON lines. No model and no stack is needed.

--gold-format NAME, --xml DIR, --masks DIR, --mask-fields FIELDS
                          as for score
ve and vg:
--expansions FILE         what a language model wrote of the entities; once for each model
--without-expansion name  write an entity without one as NAME(TYPE) alone; without it, it is an error (refuse)
--images DIR              leave out rows whose picture (DIR/ID.jpg) is missing or broken
--tsv FILE                also write OFA's file, with the pictures of --images
ve:
--captions FILE           captions of the pictures, which OFA's file needs; may be given several times
--without-captions        leave the caption empty where there is none
vg:
--several-boxes each|first|largest
                          which boxes of an entity with several become rows (each)
mner:
--knowledge FILE          what a language model knows of the posts; once for each model
--without-knowledge plain write a post of which nothing is known without knowledge; without it, it is an error (refuse)
--conll FILE              also write CoNLL lines, as AdaSeq reads them`;

const ENTITY_OPTIONS = ["expansions", "without-expansion", "images", "tsv"];
/** The options of each task beside those of gold and --out. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  ve: [...ENTITY_OPTIONS, "captions", "without-captions"],
  vg: [...ENTITY_OPTIONS, "several-boxes"],
  mner: ["knowledge", "without-knowledge", "conll"],
};
const REPEATED = ["expansions", "captions", "knowledge"];
const FLAGS = ["without-captions"];
const ALL = Object.values(OPTIONS).flat();
const VALUES = [...new Set(ALL)].filter((name) => !REPEATED.includes(name) && !FLAGS.includes(name));
/** The values that an option accepts, for options that do not accept every value. The first is the default. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  "without-expansion": ["refuse", "name"],
  "without-knowledge": ["refuse", "plain"],
  "several-boxes": SEVERAL_BOXES,
};

/** @returns the exit code: 1 when a file cannot be read or used, 2 when the command was called wrongly */
export async function buildTrainingSet(argv: string[]): Promise<number> {
  const own = ["gold", "out", "gold-format", ...GOLD_FOLDERS, ...VALUES];
  const commandLine = readCommandLine(argv, BUILD_USAGE, 1, own, { repeated: REPEATED, flags: FLAGS });
  if (typeof commandLine === "number") return commandLine;
  const fault = faultOf(commandLine);
  if (fault !== null) {
    console.error(`${fault}\n\n${BUILD_USAGE}`);
    return 2;
  }
  try {
    const report = await build(commandLine);
    console.log(commandLine.json ? JSON.stringify(report, null, 2) : buildTable(report));
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

/** What is wrong with the options; null when nothing is. */
function faultOf({ operands, values, lists, flags }: CommandLine): string | null {
  const [task = ""] = operands;
  const allowed = Object.hasOwn(OPTIONS, task) ? OPTIONS[task] : undefined;
  if (!allowed) return `there is no training set ${task}; there are ${Object.keys(OPTIONS).join(", ")}`;
  const given = [...Object.keys(values), ...Object.keys(lists), ...flags];
  const other = given.find((name) => ALL.includes(name) && !allowed.includes(name));
  if (other) return `--${other} is no option of build ${task}`;
  const { gold, out, tsv, conll, images } = values;
  if (!gold || !out) return "--gold FILE and --out FILE are required";
  for (const [name, choices] of Object.entries(CHOICES)) {
    const value = values[name];
    if (value !== undefined && !choices.includes(value)) return `--${name} is ${choices.join(" or ")}, not ${value}`;
  }
  if (tsv !== undefined && !images) return "--tsv FILE needs the pictures: --images DIR";
  if (task === "ve" && tsv !== undefined && !lists.captions && !flags.has("without-captions"))
    return "--tsv FILE has a column of captions: name --captions FILE, or leave it empty with --without-captions";
  const written = [out, tsv ?? conll].flatMap((path) => (path === undefined ? [] : [path, partOf(path)]));
  return faultOfWritten(written, [gold, ...Object.values(lists).flat()]);
}

async function build({ operands, values, lists, flags }: CommandLine) {
  const { out = "", tsv, conll, images } = values;
  const choice = (name: string) => values[name] ?? CHOICES[name]?.[0];
  const gold = await readGold(values.gold ?? "", values, values["gold-format"]);
  const [task] = operands;
  if (task === "mner") {
    const knowledge = await Promise.all((lists.knowledge ?? []).map(readPostTexts));
    const allowsPlain = choice("without-knowledge") === "plain";
    return buildMentionSet({ gold, knowledge, allowsPlain, out, conll: conll ?? null });
  }
  const ids = gold.posts.map(({ id }) => id);
  const expansions = await Promise.all((lists.expansions ?? []).map((file) => readExpansions(file, ids)));
  const captions = lists.captions && (await Promise.all(lists.captions.map(readPostTexts)));
  // Pictures need a large library, which mner does without.
  const { buildEntitySet } = await import("../training-sets/build-entity-set.ts");
  return buildEntitySet({
    task: task === "vg" ? "vg" : "ve",
    gold,
    expansions,
    allowsNameAlone: choice("without-expansion") === "name",
    captions: captions ? new Map(captions.toReversed().flatMap((texts) => [...texts])) : null,
    allowsNoCaption: flags.has("without-captions"),
    severalBoxes: SEVERAL_BOXES.find((name) => name === choice("several-boxes")) ?? "each",
    images: images ?? null,
    out,
    tsv: tsv ?? null,
  });
}
