/**
 * Gate: what comments and documents cite exists. It checks paths of this repository, headings
 * (`docs/reference/method.md, "Scoring"`) and links between documents, and refuses to name documents that are not in
 * this repository. A path in another repository has that repository's name before it.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { listFiles, parse, reportFindings } from "./gates/files.ts";

const DOCUMENTS = listFiles(".md");
const SOURCES = listFiles(".ts", ".js", ".cjs");
const COMMENTED = listFiles(".toml", ".yml", ".py", ".example", "Dockerfile", ".npmrc", "/run");

const FOLDERS = "src|schemas|functions|eval|bench|scripts|test|training|docs|public|examples|\\.ci|\\.github";
/** A path that ends like a file: it can be told from "src/ and test/" without quotes around it. */
const FILE = new RegExp(
  `(?<![\\w./@-])(?:${FOLDERS})/[\\w./-]+\\.(?:ts|js|cjs|md|json|toml|py|yml|ttf|jpg|png)\\b`,
  "g",
);
/** Any path in backquotes; \`<stage>\`, \`*\` and \`…\` stand for one name. */
const QUOTED_PATH = new RegExp(`\`((?:${FOLDERS})/[^\`\\s]*)\``, "g");
const HEADING = /(?<![\w/])([\w./-]+\.md),\s+"([^"]+)"/g;
const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g;

/** Before a path: the repository or package that it belongs to, as in "replicate/cog 0.22, docs/http.md". */
const ANOTHER_REPOSITORY = new RegExp(
  `(?<![\\w./-])(?!(?:${FOLDERS})/)@?[\\w.-]+/[\\w.-]+(?:[ @]v?\\d[\\w.-]*)?\`?[,:]?\\s+\`?$`,
);

/** Notes of the people who wrote this. The names are divided, so that this file does not name them itself. */
const ELSEWHERE = [
  ["hosted", "-apis"],
  ["tool", "chain"],
  ["riveg", ",? section"],
  ["riveg", "\\.md"],
  ["\\bdesign", ",? section"],
  ["\\bdesign", "\\.md"],
  ["style", "\\.md"],
  ["ecosystem", "\\.md"],
  ["embedded", "-models"],
  ["\\.\\./", "shared"],
  // In a comment or a document: in code it is a field.
  ["(?<=^[^`\"']*(?://|\\*|#)\\s.*)\\breference", ": "],
].map((parts) => new RegExp(parts.join(""), "i"));

/** A part of a file that is read as prose. */
interface Passage {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

const passages = [
  ...SOURCES.flatMap(commentsOf),
  ...DOCUMENTS.map((file) => ({ file, line: 1, text: readFileSync(file, "utf8") })),
  ...COMMENTED.map((file) => ({ file, line: 1, text: readFileSync(file, "utf8").replace(/^[^#\n]*/gm, "") })),
];
let cited = 0;
const missing = passages.flatMap((passage) => {
  // A citation may go on in the next line, behind the comment's own mark.
  const text = passage.text.replace(/\n\s*(?:\*(?!\/)|\/\/|#(?!#)) ?/g, (mark) => "\n".padStart(mark.length));
  const find = (pattern: RegExp, fault: (...groups: string[]) => string | null) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      if (ANOTHER_REPOSITORY.test(text.slice(Math.max(0, match.index - 100), match.index))) return [];
      cited++;
      const reason = fault(...match.slice(1).map((group) => group ?? ""), match[0]);
      return reason ? [`${place(passage, match.index)}: ${reason}`] : [];
    });
  return [
    ...find(FILE, (path) => pathFault(path)),
    ...find(QUOTED_PATH, (path) => pathFault(path)),
    ...find(HEADING, (path, heading) =>
      headingFault(resolvePath(path, passage.file), (title) => title === heading.replace(/\s+/g, " "), heading),
    ),
    ...(passage.file.endsWith(".md") ? find(LINK, (path, anchor) => linkFault(passage.file, path, anchor)) : []),
  ];
});
const elsewhere = [...SOURCES, ...DOCUMENTS, ...COMMENTED].flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line, index) => {
      const named = ELSEWHERE.map((pattern) => pattern.exec(line)?.[0]).find((name) => name !== undefined);
      return named ? [`${file}:${index + 1}: names "${named}", which is not in this repository`] : [];
    }),
);
reportFindings([...new Set([...missing, ...elsewhere])], cited, "citations");

function place({ file, line, text }: Passage, index: number): string {
  return `${file}:${line + (text.slice(0, index).match(/\n/g) ?? []).length}`;
}

/** A path stands for itself from the top of the repository, or else from the folder of the file that cites it. */
function resolvePath(path: string, from: string): string {
  const beside = normalize(join(dirname(from), path));
  return existsSync(path) || !existsSync(beside) ? path : beside;
}

function pathFault(path: string): string | null {
  const pattern = path.replace(/<[^>]*>|…/g, "*").replace(/[.,:;]$/, "");
  const exists = /[*{]/.test(pattern) ? globSync(pattern).length > 0 : existsSync(pattern);
  return exists ? null : `${path} does not exist`;
}

function linkFault(from: string, path: string, anchor: string): string | null {
  const target = path === "" ? from : normalize(join(dirname(from), decodeURI(path)));
  if (!existsSync(target)) return `${path} does not exist`;
  if (!anchor || !target.endsWith(".md")) return null;
  return headingFault(target, (title) => slug(title) === anchor, `#${anchor}`);
}

function headingFault(file: string, isMeant: (title: string) => boolean, name: string): string | null {
  if (!existsSync(file)) return `${file} does not exist`;
  const titles = [...readFileSync(file, "utf8").matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => title.trim());
  return titles.some(isMeant) ? null : `${file} has no heading "${name}"`;
}

/** A heading's anchor as GitHub makes it. */
function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** The comments of a file, by the compiler's own tokens: a string that contains // is none. */
function commentsOf(file: string): Passage[] {
  const source = parse(file);
  const { text } = source;
  const passages: Passage[] = [];
  const visit = (node: ts.Node): void => {
    const children = node.getChildren(source).filter((child) => !ts.isJSDoc(child));
    for (const child of children) visit(child);
    if (children.length > 0) return;
    const trivia = text.slice(node.pos, node.getStart(source));
    if (trivia.includes("//") || trivia.includes("/*"))
      passages.push({ file, line: source.getLineAndCharacterOfPosition(node.pos).line + 1, text: trivia });
  };
  visit(source);
  return passages;
}
