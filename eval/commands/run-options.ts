import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { Task } from "../../schemas/recognize.ts";
import { faultOfOptions } from "../../scripts/batch/options.ts";
import type { Asking } from "../predict/request-lines.ts";
import type { CommandLine } from "./command-line.ts";

/** Options of `npm run eval -- run` that have a value. */
export const RUN_VALUES = [
  ...["dataset", "split", "format", "images", "out", "task", "labels", "limit"],
  ...["endpoint", "key", "max-concurrent", "max-cost"],
];
/** Options without a value that go to `npm run batch`. */
const PASSED_FLAGS = ["retry", "cancel"];
/** Options that have no value. */
export const RUN_FLAGS = ["text-only", "given-entities", "allow-fallback", ...PASSED_FLAGS];

/** What the command is to do. */
export interface RunOptions {
  readonly dataset: string;
  /** Of a folder; undefined where it has one alone, and for a file. */
  readonly split: string | undefined;
  /** The data set's format; undefined where its content tells it. */
  readonly format: string | undefined;
  /** The folder of the pictures; null to send none. */
  readonly images: string | null;
  readonly out: string;
  readonly asking: Asking;
  /** How many posts are asked about, from the first on; null for all. */
  readonly limit: number | null;
  /** Null for a stack on this machine. */
  readonly endpoint: string | null;
  readonly key: string | undefined;
  /** Options that go to `npm run batch` as they are. */
  readonly passed: readonly string[];
}

/** What the options say, or what is wrong with them, in words. */
export function runOptions({ values, flags }: Pick<CommandLine, "values" | "flags">): RunOptions | string {
  const { dataset, out, images, endpoint = process.env.NAMESIGHT_URL || null } = values;
  if (!dataset || !out) return "--dataset and --out are required";
  const isTextOnly = flags.has("text-only");
  if (isTextOnly === (images !== undefined)) return "either --images or --text-only is required";
  if (images !== undefined && !(existsSync(images) && statSync(images).isDirectory()))
    return `there is no folder ${images} for --images`;
  if (!existsSync(dirname(out))) return `there is no folder ${dirname(out)} for --out`;
  const limit = values.limit === undefined ? null : Number(values.limit);
  if (limit !== null && !(Number.isSafeInteger(limit) && limit > 0))
    return `--limit is a whole number from 1, not ${values.limit}`;
  if (flags.has("retry") && flags.has("cancel")) return "--retry sends posts, and --cancel cancels them";
  const fault = faultOfOptions(values);
  if (fault !== null) return fault;
  const asking = askingOf(values, flags, isTextOnly);
  if (typeof asking === "string") return asking;
  const names = ["endpoint", "max-concurrent", "max-cost"];
  const passed = names.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]]));
  return {
    dataset,
    split: values.split,
    format: values.format,
    images: images ?? null,
    out,
    asking,
    limit,
    endpoint,
    key: values.key,
    passed: [...passed, ...PASSED_FLAGS.filter((name) => flags.has(name)).map((name) => `--${name}`)],
  };
}

function askingOf(values: CommandLine["values"], flags: CommandLine["flags"], isTextOnly: boolean): Asking | string {
  const { labels = "gmner" } = values;
  const { success, data: task } = Task.safeParse(values.task ?? (isTextOnly ? "mner" : "gmner"));
  if (!success) return `--task is ${Task.options.join(", ")}, not ${values.task}`;
  if (labels !== "gmner" && labels !== "fine") return `--labels is gmner or fine, not ${labels}`;
  const givesEntities = flags.has("given-entities");
  if (givesEntities && task === "mner") return "--given-entities with --task mner leaves nothing to ask";
  return { task, labels, givesEntities, allowsFallback: flags.has("allow-fallback") };
}
