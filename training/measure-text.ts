/**
 * Count on Twitter-GMNER what the words beside a name tell about whether it is visible, with the product's own reader
 * of cues, and check functions/evidence/text/visible-prior.ts on posts that were not counted.
 *
 *     python3 training/measure_priors.py train.txt xml-train-dev.tar.gz --posts > train.jsonl
 *     python3 training/measure_priors.py dev.txt xml-train-dev.tar.gz --posts > dev.jsonl
 *     node scripts/launch.js training/measure-text.ts count train.jsonl
 *     node scripts/launch.js training/measure-text.ts check dev.jsonl
 *     node scripts/launch.js training/measure-text.ts compare train.jsonl dev.jsonl
 *     node scripts/launch.js training/measure-text.ts positions train.jsonl dev.jsonl
 *
 * `count` prints the table of functions/evidence/text/prior-table.ts: [visible names, all names] of each group and
 * cue of each type. `check` prints accuracy, Brier score and a
 * reliability table. `compare` does so for several ways to combine cues, counted on the first file. `positions`
 * tells how often a position that the text states is that of the name's box. Exits with 2
 * on any other call.
 */
import { readFileSync } from "node:fs";
import { readCues } from "../functions/evidence/text/cues.ts";
import { placePeople } from "../functions/evidence/text/place-people.ts";
import { statedPositions } from "../functions/evidence/text/positions.ts";
import { groupsOf, visiblePrior } from "../functions/evidence/text/visible-prior.ts";
import { ENTITY_TYPES, type EntityType } from "../schemas/primitives.ts";

interface Post {
  readonly text: string;
  readonly entities: ReadonlyArray<{
    readonly text: string;
    readonly type: EntityType;
    readonly visible: boolean;
    /** Left, top, right and bottom edge as shares of the picture. */
    readonly boxes: ReadonlyArray<readonly [number, number, number, number]>;
  }>;
}

/** A cue with fewer cases of a type is left out. */
const LEAST_CASES = 30;
/** A cue of another type than PER must shift the share of its type by as much. */
const LEAST_SHIFT = 0.1;

/** A name with what is known of it from the text. */
interface Known {
  readonly type: EntityType;
  readonly group: string;
  readonly cues: readonly string[];
  readonly visible: boolean;
}

type Count = [visible: number, all: number];

const [command, first, second] = process.argv.slice(2);
if (command === "count" && first) printTable(namesOf(read(first)));
else if (command === "check" && first) check(read(first));
else if (command === "compare" && first && second) compare(namesOf(read(first)), namesOf(read(second)));
else if (command === "positions" && first) checkPositions(process.argv.slice(3).flatMap(read));
else process.exitCode = 2;

function read(path: string): Post[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function namesOf(posts: readonly Post[]): Known[] {
  return posts.flatMap(({ text, entities }) => {
    const names = entities.map((entity) => entity.text);
    const said = readCues(names, text);
    const groups = groupsOf(entities);
    return entities.map(({ type, visible }, index) => ({
      type,
      visible,
      group: groups[index] ?? "",
      cues: said[index]?.cues ?? [],
    }));
  });
}

function countsOf(names: readonly Known[], keys: (name: Known) => readonly string[]): Map<string, Count> {
  const counts = new Map<string, Count>();
  for (const name of names) {
    for (const key of keys(name)) {
      const [visible, all] = counts.get(key) ?? [0, 0];
      counts.set(key, [visible + Number(name.visible), all + 1]);
    }
  }
  return counts;
}

interface Counts {
  readonly groups: ReadonlyMap<string, Count>;
  /** The cues that have enough cases. */
  readonly cues: ReadonlyMap<string, Count>;
}

function countType(names: readonly Known[]): Counts {
  const share = names.filter(({ visible }) => visible).length / names.length;
  const cues = [...countsOf(names, (name) => name.cues)].filter(
    ([cue, [visible, all]]) =>
      cue !== "denied" &&
      all >= LEAST_CASES &&
      (names[0]?.type === "PER" || Math.abs(visible / all - share) >= LEAST_SHIFT),
  );
  return { groups: countsOf(names, ({ group }) => [group]), cues: new Map(cues) };
}

function printTable(names: readonly Known[]): void {
  for (const type of ENTITY_TYPES) {
    const { groups, cues } = countType(names.filter((name) => name.type === type));
    const rows = (counts: ReadonlyMap<string, Count>) =>
      [...counts]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, [visible, all]]) => `"${key}": [${visible}, ${all}],`);
    print(`${type}: {\ngroups: {\n${rows(groups).join("\n")}\n},\ncues: {\n${rows(cues).join("\n")}\n},\n},`);
  }
}

/** Print how well the product's prior predicts what is visible, with the text and without it. */
function check(posts: readonly Post[]): void {
  const score = (withText: boolean) =>
    posts.flatMap(({ text, entities }) => {
      const names = entities.map((entity) => entity.text);
      const priors = visiblePrior(entities, withText ? readCues(names, text) : []);
      return entities.map(({ type, visible }, index) => ({ type, visible, chance: priors[index] ?? 0 }));
    });
  const [without, withText] = [score(false), score(true)];
  for (const type of [...ENTITY_TYPES, null]) {
    const some = (all: ReturnType<typeof score>) => all.filter((name) => type === null || name.type === type);
    print(`${type ?? "all"}, type and order: ${quality(some(without))}`);
    print(`${type ?? "all"}, with the text: ${quality(some(withText))}`);
    for (const line of reliability(some(withText))) print(`  ${line}`);
  }
}

/** How often stated positions tell the right one of the boxes of all PER names. */
function checkPositions(posts: readonly Post[]): void {
  let [stated, visible, placed, right] = [0, 0, 0, 0];
  for (const { text, entities } of posts) {
    const people = entities.filter(({ type }) => type === "PER");
    const positions = statedPositions(
      people.map((person) => person.text),
      text,
    );
    const drawn = people.flatMap(({ boxes }, owner) =>
      boxes.map(([xmin, ymin, xmax, ymax]) => ({ owner, box: { xmin, ymin, xmax, ymax } })),
    );
    const boxes = drawn.map(({ box }) => box);
    const found = placePeople(positions, boxes, { width: 1, height: 1 });
    for (const [index, position] of positions.entries()) {
      if (!position) continue;
      const box = found[index] ?? null;
      stated++;
      visible += Number(people[index]?.visible === true);
      placed += Number(box !== null);
      right += Number(box !== null && drawn[box]?.owner === index);
      const told = box === null ? "no box" : `${drawn[box]?.owner === index ? "right" : "wrong"} box`;
      print(`${people[index]?.text} ${JSON.stringify(position)} ${told}: ${text}`);
    }
  }
  print(`${stated} stated positions, ${visible} of visible names; ${placed} tell a box, ${right} the right one`);
}

/** Ways to combine the cues of one name. */
function compare(train: readonly Known[], held: readonly Known[]): void {
  for (const type of ENTITY_TYPES) {
    const ours = train.filter((name) => name.type === type);
    const theirs = held.filter((name) => name.type === type);
    const { groups, cues } = countType(ours);
    const share = ours.filter(({ visible }) => visible).length / ours.length;
    const odds = ([visible, all]: Count, strength: number) => {
      const chance = (visible + strength * share) / (all + strength);
      return Math.log(chance / (1 - chance));
    };
    const base = (name: Known) => odds(groups.get(name.group) ?? [0, 0], 2);
    const shifts = (name: Known) =>
      name.cues.flatMap((cue) => {
        const counted = cues.get(cue);
        return counted ? [odds(counted, 10) - odds([0, 0], 1)] : [];
      });
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const strongest = (values: readonly number[]) =>
      values.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
    const ways: Array<[string, (name: Known) => number]> = [
      ["type and order", base],
      ["naive Bayes", (name) => base(name) + sum(shifts(name))],
      ["naive Bayes, half the weight", (name) => base(name) + sum(shifts(name)) / 2],
      ["strongest cue", (name) => base(name) + strongest(shifts(name))],
    ];
    for (const [way, oddsOf] of ways) {
      const scored = theirs.map((name) => ({ visible: name.visible, chance: 1 / (1 + Math.exp(-oddsOf(name))) }));
      print(`${type}, ${way}: ${quality(scored)}`);
    }
  }
}

interface Scored {
  readonly chance: number;
  readonly visible: boolean;
}

function quality(scored: readonly Scored[]): string {
  const right = scored.filter(({ chance, visible }) => chance >= 0.5 === visible).length;
  const brier = scored.reduce((sum, { chance, visible }) => sum + (chance - Number(visible)) ** 2, 0) / scored.length;
  return `${scored.length} names, accuracy ${((100 * right) / scored.length).toFixed(1)} %, Brier ${brier.toFixed(4)}`;
}

/** For each tenth of the scale: how many names have such a chance, its mean, and the share that is visible. */
function reliability(scored: readonly Scored[]): string[] {
  return Array.from({ length: 10 }, (_, tenth) => {
    const bin = scored.filter(({ chance }) => Math.min(9, Math.floor(chance * 10)) === tenth);
    if (bin.length === 0) return [];
    const mean = bin.reduce((sum, { chance }) => sum + chance, 0) / bin.length;
    const share = bin.filter(({ visible }) => visible).length / bin.length;
    return [`${tenth / 10}: ${bin.length} names, mean chance ${mean.toFixed(2)}, visible ${share.toFixed(2)}`];
  }).flat();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
