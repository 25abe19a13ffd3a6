import { below, entriesOf, type Finding, isObject, isSame, type Json, type Place } from "./finding.ts";

/** Whether clients send what a schema describes, or receive it. */
export type Direction = "sent" | "received";

/** An earlier document and the one that replaces it. */
export interface Documents {
  readonly before: Json;
  readonly after: Json;
}

interface Comparison extends Documents {
  readonly direction: Direction;
  /** Pairs of places that are being compared: a schema may contain itself. */
  readonly open: ReadonlySet<string>;
}

/**
 * Enums of answers that may get new values: API documents ask clients to treat an unknown `code` by its `status`, and
 * `stage` and `provider` say who had a part in an answer.
 */
const GROWING_ENUMS: ReadonlySet<string> = new Set(
  ["ProblemCode", "ProviderName", "StageName"].map((name) => `#/components/schemas/${name}`),
);

/** Keywords that describe a schema and do not restrict it. A field's default is compared beside its schema. */
const ANNOTATIONS = /^(?:x-.*|\$comment|title|description|examples?|default|deprecated|readOnly|writeOnly)$/;
/** Bounds that restrict from below. */
const LEAST = ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"] as const;
/** Bounds that restrict from above. */
const MOST = ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"] as const;
/** Keywords that hold one schema. A schema without one allows everything there. */
const INNER = ["items", "contentSchema", "propertyNames"] as const;
const FIELDS = ["properties", "required", "additionalProperties"] as const;
const COMPARED: ReadonlySet<string> = new Set([
  ...["type", "enum", "const", "pattern", "format", "prefixItems", ...FIELDS],
  ...[...LEAST, ...MOST, ...INNER],
]);

/**
 * What breaks clients between two schemas. Of what clients send, everything that was allowed must still be allowed. Of
 * what they receive, each field must still be there, and of a type and among the values that it had: fields may be
 * added and bounds may be widened. A keyword that this comparison does not know breaks clients when it restricts anew.
 */
export function schemaFindings(before: Place, after: Place, direction: Direction, documents: Documents): Finding[] {
  return compare(before, after, { ...documents, direction, open: new Set() });
}

function compare(before: Place, after: Place, comparison: Comparison): Finding[] {
  const { direction, open } = comparison;
  const pair = `${before.pointer} ${after.pointer}`;
  if (open.has(pair)) return [];
  const inside = { ...comparison, open: new Set([...open, pair]) };
  const old = formsOf(before, comparison.before);
  const current = formsOf(after, comparison.after);
  const findings = direction === "sent" ? changedDefault(before, after) : [];
  for (const needed of direction === "sent" ? old : current) {
    const attempts = (direction === "sent" ? current : old)
      .filter((form) => isAlike(needed, form))
      .map((form) => {
        const found = direction === "sent" ? compareForms(needed, form, inside) : compareForms(form, needed, inside);
        // A form that does not fit is most likely meant to be the one of the same name.
        return { found, rank: found.length === 0 ? 0 : form.pointer === needed.pointer ? 1 : 2 };
      });
    const [best] = attempts.toSorted((one, other) => one.rank - other.rank || one.found.length - other.found.length);
    if (best) findings.push(...best.found);
    else if (direction === "sent") findings.push(finding(needed, `requests may no longer have ${inWords(needed)}`));
    else findings.push(finding(before, `answers may now have ${inWords(needed)}`));
  }
  return findings;
}

/** The alternatives of a schema, without references, unions and lists of types. */
function formsOf({ value, pointer }: Place, document: Json): Place[] {
  if (value === false) return [];
  if (!isObject(value)) return [{ value: {}, pointer }];
  const { $ref, anyOf, oneOf, type, ...others } = value;
  const own = Object.fromEntries(Object.entries(others).filter(([keyword]) => !ANNOTATIONS.test(keyword)));
  const withOwn = (place: Place) =>
    formsOf(place, document).map((form) => ({ ...form, value: { ...(form.value as Json), ...own } }));
  if (typeof $ref === "string") return withOwn(resolve($ref, document));
  for (const [keyword, choices] of Object.entries({ anyOf, oneOf })) {
    if (!Array.isArray(choices)) continue;
    return choices.flatMap((choice, index) => withOwn({ value: choice, pointer: `${pointer}/${keyword}/${index}` }));
  }
  if (Array.isArray(type)) return type.map((one) => ({ value: { ...own, type: one }, pointer }));
  return [{ value: type === undefined ? own : { ...own, type }, pointer }];
}

/** What a reference inside a document refers to. */
export function resolve(target: string, document: Json): Place {
  const keys = target.replace(/^#\//, "").split("/");
  const unescaped = keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const place = unescaped.reduce<Place>(below, { value: document, pointer: "#" });
  if (place.value === undefined) throw new Error(`${target} refers to nothing`);
  return place;
}

function compareForms(before: Place, after: Place, comparison: Comparison): Finding[] {
  const [old, current] = [before.value as Json, after.value as Json];
  const [wide, narrow] = comparison.direction === "sent" ? [current, old] : [old, current];
  const findings: Finding[] = [];
  const find = (sentence: string) => void findings.push(finding(before, sentence));
  if (!coversType(wide.type, narrow.type)) find(`the type was ${old.type ?? "any"} and is ${current.type ?? "any"}`);
  const values = valuesOf(wide);
  if (values && !(comparison.direction === "received" && GROWING_ENUMS.has(before.pointer))) {
    const others = valuesOf(narrow)?.filter((value) => !values.some((known) => isSame(value, known)));
    const what = comparison.direction === "sent" ? "requests may no longer have" : "answers may now have";
    if (!others) find(`${what} any value here: the enum was ${comparison.direction === "sent" ? "added" : "removed"}`);
    else for (const value of others) find(`${what} the value ${JSON.stringify(value)}`);
  }
  if (wide.format !== undefined && wide.format !== narrow.format) {
    find(`the format was ${old.format ?? "none"} and is ${current.format ?? "none"}`);
  }
  if (comparison.direction === "sent") for (const sentence of tighterBounds(old, current)) find(sentence);
  for (const keyword of new Set([...Object.keys(old), ...Object.keys(current)])) {
    if (COMPARED.has(keyword) || wide[keyword] === undefined || isSame(old[keyword], current[keyword])) continue;
    find(`\`${keyword}\` changed`);
  }
  for (const keyword of INNER) {
    if (old[keyword] === undefined && current[keyword] === undefined) continue;
    findings.push(...compare(below(before, keyword), below(after, keyword), comparison));
  }
  return [...findings, ...comparePrefix(before, after, comparison), ...compareFields(before, after, comparison)];
}

function tighterBounds(old: Json, current: Json): string[] {
  const tighter = [
    ...LEAST.filter((keyword) => number(current[keyword], -Infinity) > number(old[keyword], -Infinity)),
    ...MOST.filter((keyword) => number(current[keyword], Infinity) < number(old[keyword], Infinity)),
  ].map((keyword) => `\`${keyword}\` was ${old[keyword] ?? "absent"} and is ${current[keyword]}`);
  const isStricter = current.pattern !== undefined && current.pattern !== old.pattern;
  return isStricter ? [...tighter, `\`pattern\` was ${old.pattern ?? "absent"} and is ${current.pattern}`] : tighter;
}

function comparePrefix(before: Place, after: Place, comparison: Comparison): Finding[] {
  const [old, current] = [below(before, "prefixItems"), below(after, "prefixItems")];
  const [many, now] = [old, current].map(({ value }) => (Array.isArray(value) ? value.length : 0));
  if (many !== now) return [finding(before, `the list had ${many} described items and has ${now}`)];
  const indices = Array.from({ length: many ?? 0 }, (_, index) => index);
  return indices.flatMap((index) => compare(below(old, index), below(current, index), comparison));
}

function compareFields(before: Place, after: Place, comparison: Comparison): Finding[] {
  const [old, current] = [before.value as Json, after.value as Json];
  const fields = entriesOf(below(before, "properties"));
  const now = entriesOf(below(after, "properties"));
  const [needed, neededNow] = [namesOf(old.required), namesOf(current.required)];
  const isSent = comparison.direction === "sent";
  const findings = [...fields].flatMap(([name, place]) => {
    const replacement = now.get(name);
    if (!replacement) return [finding(place, "the field was removed")];
    const found = compare(place, replacement, comparison);
    if (isSent && !needed.has(name) && neededNow.has(name)) found.push(finding(place, "the field became required"));
    if (!isSent && needed.has(name) && !neededNow.has(name)) found.push(finding(place, "the field may now be absent"));
    return found;
  });
  const added = [...neededNow].filter((name) => isSent && !fields.has(name) && !needed.has(name));
  findings.push(
    ...added.map((name) => finding(below(below(before, "properties"), name), "a required field was added")),
  );
  const [others, othersNow] = [old.additionalProperties, current.additionalProperties];
  if (isSent && othersNow === false && others !== false) {
    findings.push(finding(before, "fields that are not listed are now refused"));
  } else if (isObject(others) || isObject(othersNow)) {
    const places = [before, after].map((place) => below(place, "additionalProperties"));
    findings.push(...compare(places[0] as Place, places[1] as Place, comparison));
  }
  return findings;
}

/** A request without the field means what its default says. */
function changedDefault(before: Place, after: Place): Finding[] {
  const [old, current] = [below(before, "default").value, below(after, "default").value];
  if (old === undefined || isSame(old, current)) return [];
  const now = current === undefined ? "there is none" : `is ${JSON.stringify(current)}`;
  return [finding(before, `the default was ${JSON.stringify(old)} and ${now}`)];
}

/** Whether two forms are so much alike that one may have become the other. */
function isAlike(one: Place, other: Place): boolean {
  const [first, second] = [kindOf(one), kindOf(other)];
  return first === null || second === null || first === second;
}

/** The type of a form, where integers are numbers; null when it allows any. */
function kindOf({ value }: Place): string | null {
  const { type } = value as Json;
  const [sample] = valuesOf(value as Json) ?? [];
  const kind = type ?? (sample === undefined ? null : sample === null ? "null" : typeof sample);
  return kind === "integer" ? "number" : (kind as string | null);
}

function coversType(wide: unknown, narrow: unknown): boolean {
  return wide === undefined || wide === narrow || (wide === "number" && narrow === "integer");
}

function valuesOf({ enum: values, const: only }: Json): readonly unknown[] | null {
  return Array.isArray(values) ? values : only === undefined ? null : [only];
}

function namesOf(required: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(required) ? (required as string[]) : []);
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}

function inWords(form: Place): string {
  const kind = kindOf(form);
  return kind === null ? "any value here" : kind === "null" ? "null here" : `a value of type ${kind} here`;
}

function finding({ pointer }: Place, sentence: string): Finding {
  return { pointer, sentence };
}
