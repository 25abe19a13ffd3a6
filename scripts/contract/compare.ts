import { below, entriesOf, type Finding, isObject, type Json, type Place } from "./finding.ts";
import { type Direction, type Documents, resolve, schemaFindings } from "./schemas.ts";

const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);

/**
 * What breaks clients of an OpenAPI document when another replaces it. Adding is allowed: operations, statuses, media
 * types, optional fields of requests, fields of answers.
 *
 * @returns each finding once, in the order of the earlier document
 */
export function breakingChanges(before: Json, after: Json): Finding[] {
  const documents = { before, after };
  const [old, current] = [place(before), place(after)];
  const findings = [...operationsOf(old)].flatMap(([name, operation]) => {
    const replacement = operationsOf(current).get(name);
    if (!replacement) return [{ pointer: operation.pointer, sentence: `the operation ${name} was removed` }];
    return operationFindings(operation, replacement, documents);
  });
  const schemes = (document: Place) => entriesOf(below(below(document, "components"), "securitySchemes"));
  for (const [name, scheme] of schemes(old)) {
    const now = schemes(current).get(name);
    for (const fact of ["type", "scheme", "in", "name"]) {
      if (now && below(scheme, fact).value === below(now, fact).value) continue;
      findings.push({ pointer: below(scheme, fact).pointer, sentence: "the security scheme changed" });
      break;
    }
  }
  return [...new Map(findings.map((found) => [`${found.pointer} ${found.sentence}`, found])).values()];
}

function place(document: Json): Place {
  return { value: document, pointer: "#" };
}

/** The operations of a document, by method and path. */
function operationsOf(document: Place): ReadonlyMap<string, Place> {
  const paths = entriesOf(below(document, "paths"));
  return new Map(
    [...paths].flatMap(([path, item]) =>
      [...entriesOf(item)]
        .filter(([method]) => METHODS.has(method))
        .map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation]),
    ),
  );
}

function operationFindings(before: Place, after: Place, documents: Documents): Finding[] {
  const findings: Finding[] = [];
  const id = below(before, "operationId");
  if (id.value !== below(after, "operationId").value) {
    findings.push({ pointer: id.pointer, sentence: "generated clients name their method by it, and it changed" });
  }
  return [
    ...findings,
    ...securityFindings(before, after, documents),
    ...parameterFindings(before, after, documents),
    ...bodyFindings(below(before, "requestBody"), below(after, "requestBody"), documents),
    ...responseFindings(below(before, "responses"), below(after, "responses"), documents),
  ];
}

/** Whoever was let in must still be let in, with no more than before. */
function securityFindings(before: Place, after: Place, documents: Documents): Finding[] {
  const now = requirementsOf(after, documents.after);
  const isEnough = (had: Json) => (needs: Json) =>
    Object.entries(needs).every(([scheme, scopes]) => {
      const has = had[scheme] as readonly string[] | undefined;
      return has !== undefined && (scopes as readonly string[]).every((scope) => has.includes(scope));
    });
  const lost = requirementsOf(before, documents.before).filter((had) => !now.some(isEnough(had)));
  const { pointer } = below(before, "security");
  return lost.map((had) => {
    const what = Object.keys(had).length === 0 ? "no credentials" : `only ${Object.keys(had).join(" and ")}`;
    return { pointer, sentence: `requests with ${what} are no longer enough` };
  });
}

/** The alternatives of an operation's security; one without any needs nothing. */
function requirementsOf(operation: Place, { security: common }: Json): readonly Json[] {
  const own = below(operation, "security").value ?? common;
  return Array.isArray(own) && own.length > 0 ? (own as Json[]) : [{}];
}

function parameterFindings(before: Place, after: Place, documents: Documents): Finding[] {
  const [old, now] = [parametersOf(before, documents.before), parametersOf(after, documents.after)];
  const isRequired = (parameter: Place) => below(parameter, "required").value === true;
  const findings = [...old].flatMap(([name, parameter]) => {
    const replacement = now.get(name);
    if (!replacement) return [{ pointer: parameter.pointer, sentence: `the parameter ${name} was removed` }];
    const schemas = [below(parameter, "schema"), below(replacement, "schema")] as const;
    const found = schemaFindings(...schemas, "sent", documents);
    if (isRequired(replacement) && !isRequired(parameter)) {
      found.push({ pointer: parameter.pointer, sentence: `the parameter ${name} became required` });
    }
    return found;
  });
  for (const [name, parameter] of now) {
    if (old.has(name) || !isRequired(parameter)) continue;
    const { pointer } = below(before, "parameters");
    findings.push({ pointer, sentence: `the required parameter ${name} was added` });
  }
  return findings;
}

/** The parameters of an operation, by their place and name. */
function parametersOf(operation: Place, document: Json): ReadonlyMap<string, Place> {
  const { value = [], pointer } = below(operation, "parameters");
  return new Map(
    (value as Json[]).map((parameter, index) => {
      const found = deref({ value: parameter, pointer: `${pointer}/${index}` }, document);
      return [`${below(found, "in").value} ${below(found, "name").value}`, found];
    }),
  );
}

function bodyFindings(before: Place, after: Place, documents: Documents): Finding[] {
  const [old, now] = [deref(before, documents.before), deref(after, documents.after)];
  if (old.value !== undefined && now.value === undefined) {
    return [{ pointer: old.pointer, sentence: "the request's body was removed" }];
  }
  const isRequired = (body: Place) => below(body, "required").value === true;
  const required = isRequired(now) && !isRequired(old);
  return [
    ...(required ? [{ pointer: old.pointer, sentence: "the request's body became required" }] : []),
    ...contentFindings(below(old, "content"), below(now, "content"), "sent", documents),
  ];
}

function responseFindings(before: Place, after: Place, documents: Documents): Finding[] {
  const now = entriesOf(after);
  return [...entriesOf(before)].flatMap(([status, response]) => {
    const replacement = now.get(status);
    if (!replacement) return [{ pointer: response.pointer, sentence: `the status ${status} was removed` }];
    const [old, current] = [deref(response, documents.before), deref(replacement, documents.after)];
    const pair = (key: string) => [below(old, key), below(current, key)] as const;
    return [
      ...contentFindings(...pair("content"), "received", documents),
      ...removed(...pair("headers"), "header"),
      ...removed(...pair("x-other-media-types"), "media type"),
      ...eachFindings(...pair("x-stream-events"), "event", (one, other) =>
        schemaFindings(one, other, "received", documents),
      ),
    ];
  });
}

function contentFindings(before: Place, after: Place, direction: Direction, documents: Documents): Finding[] {
  return eachFindings(before, after, "media type", (one, other) =>
    schemaFindings(below(one, "schema"), below(other, "schema"), direction, documents),
  );
}

function removed(before: Place, after: Place, what: string): Finding[] {
  return eachFindings(before, after, what, () => []);
}

/** Findings about what is in two objects under the same key, and about the keys that were removed. */
function eachFindings(
  before: Place,
  after: Place,
  what: string,
  compare: (before: Place, after: Place) => Finding[],
): Finding[] {
  const now = entriesOf(after);
  return [...entriesOf(before)].flatMap(([name, one]) => {
    const other = now.get(name);
    return other ? compare(one, other) : [{ pointer: one.pointer, sentence: `the ${what} ${name} was removed` }];
  });
}

/** What a place refers to, or the place itself. */
function deref(found: Place, document: Json): Place {
  const reference = isObject(found.value) ? found.value.$ref : undefined;
  return typeof reference === "string" ? resolve(reference, document) : found;
}
