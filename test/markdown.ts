/** What the tests of the documentation look for in a page of Markdown. */
import { readdirSync, readFileSync } from "node:fs";

/** Root of the repository. */
export const root: URL = new URL("../", import.meta.url);

/** All pages that people read, by their path from the root. */
export const pages: readonly string[] = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...readdirSync(new URL("docs/", root))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export const readPage = (path: string): string => readFileSync(new URL(path, root), "utf8");

/** A block of code between fences. */
export interface CodeBlock {
  readonly language: string;
  readonly code: string;
  /** Line of its opening fence, from 1. */
  readonly line: number;
}

/** Code blocks of a page, and the page with them emptied, line for line. */
export function takeApart(text: string): { readonly blocks: readonly CodeBlock[]; readonly prose: string } {
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let open: { language: string; indent: number; line: number; lines: string[] } | undefined;
  for (const [i, line] of text.split("\n").entries()) {
    const fence = /^( *)```(\S*)/.exec(line);
    if (open && fence) {
      blocks.push({ language: open.language, code: `${open.lines.join("\n")}\n`, line: open.line });
      open = undefined;
    } else if (open) open.lines.push(line.slice(open.indent));
    else if (fence) {
      open = { language: fence[2] ?? "", indent: (fence[1] ?? "").length, line: i + 1, lines: [] };
    }
    prose.push(open || fence ? "" : line);
  }
  return { blocks, prose: prose.join("\n") };
}

/** Where links of a page lead that are no addresses of the web: `other.md#heading`, `../examples/a.mjs`, `#here`. */
export function localLinks(text: string): string[] {
  const prose = takeApart(text).prose.replace(/`[^`]*`/g, "");
  const links = [
    ...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g),
    ...prose.matchAll(/ (?:src|href)="([^"]+)"/g),
  ];
  return links.map(([, target = ""]) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of takeApart(text).prose.matchAll(/^#{1,6} +(.*)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*]/g, "");
    const slug = plain
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** A call of the program on a page. */
export interface CommandLine {
  /** As it stands there. */
  readonly text: string;
  /** What follows `unlabeled`. */
  readonly words: readonly string[];
}

/** Calls of the program in blocks for a shell, in the order of the page; of `console` the lines with a prompt. */
export function commandLines(text: string): CommandLine[] {
  const found: CommandLine[] = [];
  for (const { language, code } of takeApart(text).blocks) {
    if (language !== "sh" && language !== "console") continue;
    const lines = code.replaceAll("\\\n", " ").split("\n");
    for (const line of lines) {
      if (language === "console" && !line.startsWith("$ ")) continue;
      found.push(...callsIn(line.replace(/^\$ /, "")));
    }
  }
  return found;
}

/** Calls of the program in `code` of the text that are whole: without a place to fill in, such as `<run>` or `...`. */
export function inlineCommands(text: string): CommandLine[] {
  const spans = [...takeApart(text).prose.matchAll(/`(unlabeled [^`]+)`/g)].map(([, span = ""]) => span);
  return spans.filter((span) => !/[<>…[]|\.\.\./.test(span)).flatMap(callsIn);
}

function callsIn(line: string): CommandLine[] {
  return commandsOf(line).flatMap((words) => {
    const at = words[0] === "npx" ? 1 : 0;
    return words[at] === "unlabeled" ? [{ text: line.trim(), words: words.slice(at + 1) }] : [];
  });
}

/** The commands of a line for a shell, each in words: quotes are taken off, comments and redirections left out. */
function commandsOf(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token] of line.matchAll(/"[^"]*"|'[^']*'|[^\s"']+/g)) {
    if (token.startsWith("#") || token === ">") break;
    if (["|", "&&", ";"].includes(token)) commands.push([]);
    else if (!/^[A-Z_]+=/.test(token)) commands.at(-1)?.push(token.replace(/^(["'])(.*)\1$/, "$2"));
  }
  return commands;
}
