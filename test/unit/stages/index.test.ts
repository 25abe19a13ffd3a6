import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { STAGE_NAMES, type StageName } from "../../../schemas/stages/index.ts";
import { ADAPTERS } from "../../../src/stages/index.ts";
import type { StageAdapter } from "../../../src/stages/model.ts";

/**
 * A model is one file, its test and one line in its stage's index. This counts all three. The container that speaks the
 * stage's contract (`cogAdapter`) is a line without a file of its own; its test is `cog.test.ts`.
 */
const root = resolve(import.meta.dirname, "../../..");
type Adapter = StageAdapter<StageName>;

interface Found {
  readonly stage: string;
  /** The adapters that each file of the stage's folder exports, by the file's name. */
  readonly files: Readonly<Record<string, readonly Adapter[]>>;
  readonly listed: readonly Adapter[];
}

const isAdapter = (value: unknown): value is Adapter =>
  typeof value === "object" && value !== null && "serves" in value && "card" in value && "create" in value;

async function find(stage: StageName): Promise<Found> {
  const folder = join(root, "src/stages", stage);
  const names = readdirSync(folder).filter((name) => name.endsWith(".ts") && name !== "index.ts");
  const modules = await Promise.all(names.map((name) => import(join(folder, name)) as Promise<object>));
  const files = names.map(
    (name, index) => [name.replace(/\.ts$/, ""), Object.values(modules[index] ?? {}).filter(isAdapter)] as const,
  );
  return { stage, files: Object.fromEntries(files), listed: ADAPTERS[stage] as never };
}

/** The tests of model files, as `<stage>-<model>`. */
const tests = STAGE_NAMES.flatMap((stage) =>
  readdirSync(join(root, "test/worker/stages", stage))
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${stage}-${name.replace(/\.test\.ts$/, "")}`),
);

/** Whether an adapter is the container that speaks the stage's contract: any name behind a cog alias. */
const speaksContract = ({ serves }: Adapter): boolean =>
  serves.some(({ provider, families = [] }) => provider === "cog" && families.length > 0);

/** A sentence for every model that has not exactly one file, one test and one line. */
function faultsOf({ stage, files, listed }: Found, tested: readonly string[]): string[] {
  const models = Object.entries(files).filter(([, adapters]) => adapters.length > 0);
  const own = models.flatMap(([, adapters]) => adapters);
  const contracts = listed.filter(speaksContract);
  const names = [...models.map(([name]) => name), ...contracts.map(() => "cog")];
  return [
    ...models.flatMap(([name, adapters]) => {
      const lines = listed.filter((adapter) => adapters.includes(adapter)).length;
      return [
        ...(adapters.length === 1 ? [] : [`${stage}/${name} has ${adapters.length} models`]),
        ...(lines === adapters.length ? [] : [`${stage}/${name} is listed ${lines} times`]),
        ...(tested.includes(`${stage}-${name}`) ? [] : [`${stage}/${name} has no test`]),
      ];
    }),
    ...listed
      .filter((adapter) => !own.includes(adapter) && !speaksContract(adapter))
      .map(({ card }) => `"${card.title}" of ${stage} has no file of its own`),
    ...(contracts.length > 1 ? [`${stage} lists its contract ${contracts.length} times`] : []),
    ...(contracts.length > 0 && !tested.includes(`${stage}-cog`) ? [`the contract of ${stage} has no test`] : []),
    ...tested
      .filter((name) => name.startsWith(`${stage}-`) && !names.some((model) => name === `${stage}-${model}`))
      .map((name) => `${name} tests no model`),
  ];
}

test.each(STAGE_NAMES)("lists every model of %s once, each with a file and a test of its own", async (stage) => {
  const found = await find(stage);
  expect(faultsOf(found, tests)).toEqual([]);
  expect(found.listed.length).toBeGreaterThan(0);
});

test("has no folder of tests that has no folder of source", () => {
  const foldersOf = (path: string) =>
    readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  const sources = new Set(foldersOf("src/stages"));
  expect(foldersOf("test/worker/stages").filter((folder) => !sources.has(folder))).toEqual([]);
});

describe("faultsOf", () => {
  const adapter = (title: string) => ({ serves: [], card: { title }, create: () => undefined }) as unknown as Adapter;
  const [one, two] = [adapter("one"), adapter("two")];
  const cog = { ...adapter("cog"), serves: [{ provider: "cog" as const, families: [{ label: "NAME" }] }] };
  const found = { stage: "caption", files: { one: [one], two: [two], prompts: [] }, listed: [one, two] };
  const tested = ["caption-one", "caption-two", "mner-three"];

  test.each<[what: string, stage: Found, tests: string[], faults: string[]]>([
    ["nothing is missing", found, tested, []],
    ["a model is not listed", { ...found, listed: [one] }, tested, ["caption/two is listed 0 times"]],
    ["a model is listed twice", { ...found, listed: [one, two, one] }, tested, ["caption/one is listed 2 times"]],
    ["a model has no test", found, ["caption-one"], ["caption/two has no test"]],
    [
      "a listed model has no file",
      { ...found, files: { one: [one] } },
      ["caption-one"],
      ['"two" of caption has no file of its own'],
    ],
    [
      "two models share a file",
      { ...found, files: { one: [one, two] } },
      ["caption-one"],
      ["caption/one has 2 models"],
    ],
    [
      "nothing is missing and the stage lists its contract",
      { ...found, listed: [one, two, cog] },
      [...tested, "caption-cog"],
      [],
    ],
    [
      "the contract has no test",
      { ...found, listed: [one, two, cog] },
      tested,
      ["the contract of caption has no test"],
    ],
    ["the contract has a test and is not listed", found, [...tested, "caption-cog"], ["caption-cog tests no model"]],
    [
      "the contract is listed twice",
      { ...found, listed: [one, two, cog, cog] },
      [...tested, "caption-cog"],
      ["caption lists its contract 2 times"],
    ],
    ["a test has no model", found, [...tested, "caption-prompts"], ["caption-prompts tests no model"]],
  ])("returns the faults when %s", (_, stage, tests, faults) => {
    expect(faultsOf(stage, tests)).toEqual(faults);
  });
});
