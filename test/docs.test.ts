/** The documentation holds together: links lead somewhere, command lines are ones that the program takes. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { commands } from "../src/cli/commands.ts";
import { runProgram } from "../src/cli/program.ts";
import { parseMethods } from "../src/pipeline/index.ts";
import {
  anchorsOf,
  commandLines,
  inlineCommands,
  localLinks,
  pages,
  readPage,
  root,
  takeApart,
} from "./markdown.ts";

const absolute = (path: string): string => fileURLToPath(new URL(path, root));

test.each(pages)("every link of %s leads to a file or a heading that is there", (page) => {
  const broken = localLinks(readPage(page)).filter((link) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : join(dirname(page), path);
    if (!existsSync(absolute(target))) return true;
    return anchor !== undefined && !anchorsOf(readPage(target)).has(anchor);
  });
  expect(broken).toEqual([]);
});

test("docs/index.md leads to every page", () => {
  const linked = new Set(localLinks(readPage("docs/index.md")).map((link) => join("docs", link)));
  expect(pages.filter((page) => page.startsWith("docs/") && !linked.has(page))).toEqual(["docs/index.md"]);
});

test("code stands between fences that say what it is", () => {
  const languages = new Set(["sh", "console", "ts", "python", "json", "text"]);
  for (const page of pages) {
    const { blocks } = takeApart(readPage(page));
    expect(
      blocks.filter(({ language }) => !languages.has(language)).map(({ line }) => `${page}:${line}`),
    ).toEqual([]);
  }
});

/** Told by a command line whose flags and values are right, in place of running it. */
class RightError extends Error {}

/** What the program has to say against these words; nothing if it would begin. */
async function complaint(words: readonly string[]): Promise<string | undefined> {
  let isRight = words.includes("--help") || words.includes("--version");
  let said = "";
  const exitCode = await runProgram(words, {
    out: () => {},
    error: (text) => {
      said += text;
    },
    columns: 100,
    version: "0.0.0",
    openEffects: async () => {
      isRight = true;
      throw new RightError();
    },
  });
  if (!isRight || exitCode === 2) return said || "unlabeled: a command must follow.";
  const methods = words[words.findIndex((word) => word === "--method" || word === "--methods") + 1];
  if (words.some((word) => word === "--method" || word === "--methods")) parseMethods(methods ?? "");
  return undefined;
}

test.each(pages.filter((page) => page !== "CHANGELOG.md"))(
  "the program takes every command line of %s",
  async (page) => {
    const text = readPage(page);
    for (const { text: line, words } of commandLines(text)) {
      expect(await complaint(words), line).toBeUndefined();
    }
    // Within a sentence a command may stand for itself, without what it works on.
    for (const { text: line, words } of inlineCommands(text)) {
      expect((await complaint(words)) ?? "got nothing", line).toContain("got nothing");
    }
  },
);

test("the program takes the examples of its own help", async () => {
  for (const { name, examples } of commands) {
    expect(examples.length, name).toBeGreaterThan(0);
    for (const example of examples) {
      const [call] = inlineCommands(`\`${example}\``);
      expect(call, example).toBeDefined();
      expect(await complaint(call?.words ?? []), example).toBeUndefined();
    }
  }
});

test("a wrong flag, value or method on a page would be seen", async () => {
  expect(await complaint(["cluster", "strokes", "--cluster", "3"])).toContain("--clusters");
  expect(await complaint(["cluster", "strokes", "--clusters", "none"])).toContain("integer");
  await expect(complaint(["cluster", "strokes", "--method", "pixel+kmeans"])).rejects.toThrow("pixels");
});
