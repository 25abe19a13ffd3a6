/**
 * Gate: no line of TypeScript is wider than 120 characters, and no file longer than 400 lines. A wide line passes when
 * one literal or address that cannot be broken makes it wide.
 */
import { readFileSync } from "node:fs";
import ts from "typescript";
import { linesOf, listFiles, parse, reportFindings } from "./gates/files.ts";

const WIDTH = 120;
const LINES = 400;
/** Characters that may stand on a line besides a literal that cannot be broken. */
const BESIDES_LITERAL = 60;

const files = listFiles(".ts").filter((file) => file !== "worker-configuration.d.ts");
const findings = files.flatMap((file) => {
  const text = readFileSync(file, "utf8");
  const lines = linesOf(text);
  const long = lines.length > LINES ? [`${file}: ${lines.length} lines, more than ${LINES}`] : [];
  const wide = lines.flatMap((line, index) => (line.length > WIDTH ? [index] : []));
  if (wide.length === 0) return long;
  const literals = literalWidths(file, text);
  const refused = wide.filter((index) => {
    const line = lines[index] ?? "";
    const address = Math.max(0, ...(line.match(/https?:\/\/\S+/g) ?? []).map(({ length }) => length));
    return line.length - Math.max(address, literals.get(index) ?? 0) > BESIDES_LITERAL;
  });
  return [
    ...long,
    ...refused.map((index) => `${file}:${index + 1}: ${lines[index]?.length} characters, more than ${WIDTH}`),
  ];
});
reportFindings(findings, files.length, "TypeScript files");

/** The width of the widest literal on each line that has one: strings, templates and regular expressions. */
function literalWidths(file: string, text: string): Map<number, number> {
  const source = parse(file, text);
  const widths = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isRegularExpressionLiteral(node)) {
      const start = source.getLineAndCharacterOfPosition(node.getStart());
      for (const [offset, part] of node.getText().split("\n").entries()) {
        const line = start.line + offset;
        widths.set(line, Math.max(widths.get(line) ?? 0, part.length));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return widths;
}
