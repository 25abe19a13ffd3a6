import { readFileSync, statSync } from "node:fs";
import type { parseArgs } from "node:util";
import { CreateSourceRequest } from "../../schemas/sources.ts";
import { invalidRequest } from "../../src/request/field-errors.ts";
import { WrongUse, wholeNumber } from "../keys/run-command.ts";
import { PRESETS } from "./presets.ts";

/** The options of every command. */
export const OPTIONS = {
  "file-config": { type: "string" },
  preset: { type: "string" },
  name: { type: "string" },
  account: { type: "string" },
  scheme: { type: "string" },
  secret: { type: "string" },
  header: { type: "string" },
  algorithm: { type: "string" },
  prefix: { type: "string" },
  encoding: { type: "string" },
  "timestamp-header": { type: "string" },
  tolerance: { type: "string" },
  where: { type: "string", multiple: true },
  text: { type: "string", multiple: true },
  html: { type: "boolean" },
  picture: { type: "string", multiple: true },
  id: { type: "string", multiple: true },
  "id-header": { type: "string" },
  defaults: { type: "string" },
  reply: { type: "string" },
  "reply-pointer": { type: "string" },
  which: { type: "string" },
  overlap: { type: "string" },
  sent: { type: "string", multiple: true },
  yes: { type: "boolean", default: false },
  env: { type: "string" },
  url: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>["values"];

/**
 * The source that the options describe: a file's, then a preset's, then their own. It is checked as the service does.
 *
 * @throws WrongUse that names what is wrong
 */
export function sourceBody(options: Options): CreateSourceRequest {
  const file = options["file-config"];
  const stored = file === undefined ? {} : (parseJson(readNamed(file).toString(), file) as Fields);
  const preset = presetOf(options.preset);
  const { name, account, secret, defaults } = options;
  const body = compact({
    ...stored,
    ...compact({ name, account, secret }),
    signature: signatureOf(options) ?? preset.signature ?? stored.signature,
    mapping: { ...(stored.mapping as Fields), ...preset.mapping, ...mappingOf(options) },
    defaults: defaults === undefined ? stored.defaults : parseJson(defaults, "--defaults"),
    reply: replyOf(options) ?? stored.reply,
  });
  const { data, error } = CreateSourceRequest.safeParse(body);
  if (data) return data;
  throw new WrongUse(invalidRequest(error.issues, body, CreateSourceRequest).message);
}

/** The bytes of a file that an argument names. Throws `WrongUse` where there is none. */
export function readNamed(file: string): Buffer<ArrayBuffer> {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === false) return readFileSync(file);
  throw new WrongUse(`there is no file ${file}`);
}

type Fields = Readonly<Record<string, unknown>>;

function presetOf(name: string | undefined): Partial<(typeof PRESETS)[string]> {
  if (name === undefined) return {};
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (preset) return preset;
  throw new WrongUse(`there is no preset ${name}, but ${Object.keys(PRESETS).join(", ")}`);
}

function signatureOf(options: Options): Fields | undefined {
  const { scheme, header, algorithm, prefix, encoding, tolerance } = options;
  if (scheme === undefined) return undefined;
  return compact({
    ...{ scheme, header, algorithm, prefix, encoding },
    timestamp_header: options["timestamp-header"],
    tolerance_seconds: tolerance === undefined ? undefined : wholeNumber("--tolerance", tolerance),
  });
}

function mappingOf(options: Options): Fields {
  const { where, text, html, picture, id } = options;
  return compact({
    where: where && Object.fromEntries(where.map(conditionOf)),
    text: oneOrMore(text),
    html,
    pictures: picture,
    id: oneOrMore(id),
    id_header: options["id-header"],
  });
}

/** `/event=status.created`: a pointer and the value that a message must have there, also true, false and numbers. */
function conditionOf(text: string): [string, unknown] {
  const [, pointer, value] = /^(\/[^=]*)=(.*)$/s.exec(text) ?? [];
  if (pointer === undefined || value === undefined) throw new WrongUse("--where must be like /event=status.created");
  return [pointer, /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value) ? JSON.parse(value) : value];
}

function replyOf({ reply, "reply-pointer": pointer }: Options): Fields | undefined {
  if (reply !== undefined && pointer !== undefined) throw new WrongUse("name --reply or --reply-pointer, not both");
  if (reply !== undefined) return { url: reply };
  return pointer === undefined ? undefined : { pointer };
}

function oneOrMore(values: readonly string[] | undefined): unknown {
  return values?.length === 1 ? values[0] : values;
}

function compact(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WrongUse(`${where} is no JSON`);
  }
}
