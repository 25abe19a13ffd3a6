import { readFile } from "node:fs/promises";
import ts from "typescript";

/** What the doc comments say of a schema and of everything in it. */
export interface Described {
  /** The comment's text on one line, without its tags; undefined without a comment. */
  readonly comment: string | undefined;
  /** Whether the comment stands before the field itself, and not only before the schema that the field refers to. */
  readonly own: boolean;
  /** By property name. */
  readonly fields: ReadonlyMap<string, Described>;
  /** What an array holds. */
  readonly items: Described | undefined;
}

const NOTHING: Described = { comment: undefined, own: false, fields: new Map(), items: undefined };
/** Functions of the validator that wrap one schema without changing what it describes. */
const WRAPPERS = new Set(["optional", "nullable", "_default"]);
const OBJECTS = new Set(["object", "strictObject", "looseObject"]);

/**
 * Read the doc comments of a TypeScript module and of the modules beside it that it imports, by the compiler's own
 * parser. The OpenAPI document takes its descriptions from them, so that nothing is described twice.
 *
 * @param module the module's address; `read` gets a module's text, the file's by default
 * @returns what is said of each constant that a module declares, by its name
 * @throws when an imported constant is not declared where the import says
 */
export async function readComments(
  module: URL,
  read: (address: URL) => Promise<string> = (address) => readFile(address, "utf8"),
): Promise<ReadonlyMap<string, Described>> {
  const modules = new Map<string, Promise<ReadonlyMap<string, Described>>>();
  const load = (address: URL): Promise<ReadonlyMap<string, Described>> => {
    const known = modules.get(address.href);
    if (known) return known;
    const loading = readModule(address, read, load);
    modules.set(address.href, loading);
    return loading;
  };
  return load(module);
}

async function readModule(
  address: URL,
  read: (address: URL) => Promise<string>,
  load: (address: URL) => Promise<ReadonlyMap<string, Described>>,
): Promise<ReadonlyMap<string, Described>> {
  const source = ts.createSourceFile(address.pathname, await read(address), ts.ScriptTarget.Latest, true);
  const scope = new Map<string, Described>();
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      for (const [name, described] of await imported(statement, address, load)) scope.set(name, described);
    }
    if (!ts.isVariableStatement(statement)) continue;
    const comment = commentOf(statement);
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer) scope.set(name.text, { ...describe(initializer, scope), comment });
    }
  }
  return scope;
}

/** What is said of each constant that a relative import brings into a module. */
async function imported(
  { importClause, moduleSpecifier }: ts.ImportDeclaration,
  from: URL,
  load: (address: URL) => Promise<ReadonlyMap<string, Described>>,
): Promise<Array<[name: string, described: Described]>> {
  const path = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : "";
  const bindings = importClause?.namedBindings;
  if (!path.startsWith(".") || !path.endsWith(".ts") || !bindings || !ts.isNamedImports(bindings)) return [];
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const there = await load(new URL(path, from));
  return bindings.elements.flatMap(({ name, propertyName }) => {
    const described = there.get((propertyName ?? name).text);
    return described ? [[name.text, described] as [string, Described]] : [];
  });
}

/** What is said of an expression that makes a schema, or that holds some of a schema's fields. */
function describe(expression: ts.Expression, scope: ReadonlyMap<string, Described>): Described {
  if (ts.isIdentifier(expression)) return scope.get(expression.text) ?? NOTHING;
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression) || ts.isParenthesizedExpression(expression))
    return describe(expression.expression, scope);
  if (ts.isObjectLiteralExpression(expression)) {
    return { ...NOTHING, fields: new Map(expression.properties.flatMap((property) => fieldsOf(property, scope))) };
  }
  if (ts.isPropertyAccessExpression(expression)) {
    const { expression: object, name } = expression;
    const described = describe(object, scope);
    return name.text === "shape" ? described : (described.fields.get(name.text) ?? NOTHING);
  }
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return NOTHING;
  const { expression: callee, name } = expression.expression;
  const [argument] = expression.arguments;
  if (name.text === "check") return describe(callee, scope);
  if (!argument || !ts.isIdentifier(callee) || callee.text !== "z") return NOTHING;
  if (OBJECTS.has(name.text) || WRAPPERS.has(name.text)) return describe(argument, scope);
  if (name.text === "union" && ts.isArrayLiteralExpression(argument)) {
    return { ...NOTHING, fields: new Map(argument.elements.flatMap((choice) => [...describe(choice, scope).fields])) };
  }
  return name.text === "array" ? { ...NOTHING, items: describe(argument, scope) } : NOTHING;
}

/** The fields that one entry of an object literal adds: one of its own, or those of what it spreads. */
function fieldsOf(
  property: ts.ObjectLiteralElementLike,
  scope: ReadonlyMap<string, Described>,
): Array<[name: string, described: Described]> {
  if (ts.isSpreadAssignment(property)) return [...describe(property.expression, scope).fields];
  if (!property.name || !(ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property))) return [];
  const schema = ts.isPropertyAssignment(property) ? property.initializer : property.name;
  const described = describe(schema, scope);
  const comment = commentOf(property);
  const own = comment !== undefined;
  return [[property.name.getText(), { ...described, comment: own ? comment : described.comment, own }]];
}

/** The text of the doc comment directly before a node, on one line. */
function commentOf(node: ts.Node): string | undefined {
  const last = ts.getJSDocCommentsAndTags(node).findLast((found) => ts.isJSDoc(found));
  const text = ts.getTextOfJSDocComment(last?.comment)?.replace(/\s+/g, " ").trim();
  return text || undefined;
}
