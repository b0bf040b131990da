/** Every block of TypeScript in the documentation compiles and runs, and so do the commands that need no download. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import sharp from "sharp";
import ts from "typescript";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import * as unlabeled from "../src/index.ts";
import * as node from "../src/node/index.ts";
import { type CommandLine, commandLines, pages, readPage, root, takeApart } from "./markdown.ts";

const main = fileURLToPath(new URL("dist/cli/main.js", root));
const before = process.cwd();
/** What each page finds, and a copy of it to work in. */
let prepared = "";
let work = "";

// What the pages take for granted: a run, and files of one's own.
beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
  work = `${prepared}-work`;
  process.chdir(prepared);
  const images = unlabeled.strokes({ count: 120, seed: 5 });
  await writeFile("new-images.npy", npy("|u1", "(120, 28, 28)", images.pixels));
  await mkdir("photos/one", { recursive: true });
  await mkdir("photos/two");
  const rows = Array.from({ length: 120 }, (_, i) => images.pixels.subarray(i * 784, (i + 1) * 784));
  await Promise.all(
    rows.map((row, i) =>
      sharp(row, { raw: { width: 28, height: 28, channels: 1 } })
        .png()
        .toFile(`photos/${i % 2 === 0 ? "one" : "two"}/${i}.png`),
    ),
  );
  const values = rows.flatMap((row) => [row[300], row[400], row[500], row[600]].map(Number));
  await writeFile("embeddings.npy", npy("<f4", "(120, 4)", new Uint8Array(Float32Array.from(values).buffer)));
  const table = rows.map((_, i) => `item-${i},${i % 3},${values.slice(i * 4, i * 4 + 4).join(",")}`);
  await writeFile("embeddings.csv", `url,kind,a,b,c,d\n${table.join("\n")}\n`);
  const options = { architecture: "conv-ae", network: { epochs: 1 } } as const;
  await writeFile(
    "network.onnx",
    unlabeled.autoencoder.encoderFile(await unlabeled.autoencoder.fit(images, options)),
  );
  for (const source of ["strokes", "photos"]) {
    await run(["cluster", source, "--limit", "120", "--clusters", "10", "--method", "auto"]);
  }
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  process.chdir(before);
  await rm(prepared, { recursive: true });
  await rm(work, { recursive: true, force: true });
});

/** A file of NumPy's format, version 1.0. */
function npy(type: string, shape: string, bytes: Uint8Array): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117).concat("\n");
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0]),
    Buffer.from(header),
    bytes,
  ]);
}

/** Runs the built program; throws with what it said where it fails. */
async function run(words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...words], {
    env: { ...process.env, UNLABELED_DATA: prepared, UNLABELED_CACHE: `${prepared}/cache` },
  });
  return stdout;
}

interface Example {
  readonly page: string;
  readonly line: number;
  readonly code: string;
}

// Those of docs/library.md are lines of the files in examples/, which a test of their own runs.
const examples: readonly Example[] = pages
  .filter((page) => page !== "docs/library.md")
  .flatMap((page) =>
    takeApart(readPage(page))
      .blocks.filter(({ language }) => language === "ts")
      .map(({ code, line }) => ({ page, line, code })),
  );

describe("the blocks of TypeScript", () => {
  test("compile against the package's types", () => {
    const path = ({ page, line }: Example): string =>
      fileURLToPath(new URL(`test/${page.replaceAll(/\W/g, "-")}-${line}.ts`, root));
    const texts = new Map(examples.map((example) => [path(example), `${example.code}export {};\n`]));
    const options: ts.CompilerOptions = {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
      skipLibCheck: true,
      noEmit: true,
      types: ["node"],
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    const compiled = ts.createProgram([...texts.keys()], options, {
      ...host,
      getCurrentDirectory: () => fileURLToPath(root),
      fileExists: (name) => texts.has(name) || fileExists(name),
      readFile: (name) => texts.get(name) ?? readFile(name),
      getSourceFile: (name, version) => {
        const text = texts.get(name);
        return text === undefined ? getSourceFile(name, version) : ts.createSourceFile(name, text, version);
      },
    });
    const said = ts.getPreEmitDiagnostics(compiled).map(({ file, start, messageText }) => {
      const at = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
      return `${file?.fileName.split("/").at(-1)}:${at} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
    });
    expect(said).toEqual([]);
  });

  const modules: Readonly<Record<string, unknown>> = { unlabeled, "unlabeled/node": node };
  const AsyncFunction = (async () => {}).constructor as new (
    ...words: string[]
  ) => (load: (name: string) => unknown) => Promise<void>;

  test.each(examples)("$page:$line runs, and prints what its comments say", async ({ code }) => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...said: unknown[]) => {
      lines.push(said.join(" "));
    });
    const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
    const script = ts
      .transpileModule(code, { compilerOptions })
      .outputText.replace(
        /^import \{([^}]*)\} from "([^"]+)";/gm,
        (_, names: string, from: string) =>
          `const {${names.replaceAll(" as ", ": ")}} = await load("${from}");`,
      )
      .replace(/^export \{\};$/m, "");
    await new AsyncFunction("load", script)((name) => modules[name] ?? import(name));
    const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (\d.*)/g)].map(([, output]) => output);
    expect(lines).toEqual(expect.arrayContaining(promised));
  });
});

describe("the commands", () => {
  /** Whether a command can run here: on drawn digits, or on files that are there. */
  function isAtHand({ words: [command = "", ...words] }: CommandLine): boolean {
    if (["explore", "data", "resume", "doctor"].includes(command)) return false;
    if (words[0]?.startsWith("-") && command !== "runs") return false;
    const named = words.filter((word, i) => i === 0 || word.includes("/") || word.endsWith(".npy"));
    return named.every((word) => word === "strokes" || existsSync(word) || word.startsWith("--"));
  }

  /** The same words, for few images, little training and few numbers of clusters. */
  function inShort(words: readonly string[]): readonly string[] {
    const [command = "", source = ""] = words;
    if (!["cluster", "compare", "elbow"].includes(command)) return words;
    const usual = command === "compare" && !words.includes("--methods") && source === "strokes";
    const hasNetwork = usual || /-ae|\bvae\b|dec/.test(words.join(" "));
    return [
      ...words.filter((_, i) => words[i] !== "--limit" && words[i - 1] !== "--limit"),
      "--limit",
      "120",
      ...(hasNetwork ? ["--epochs", "1"] : []),
      ...(command === "elbow" ? ["--to", "3", "--criteria", "inertia"] : []),
      ...(command !== "elbow" && !words.includes("--clusters") ? ["--clusters", "10"] : []),
      ...(words.includes("--force") || words.includes("--dry-run") ? [] : ["--force"]),
    ];
  }

  // The pages that a reader follows; each command takes seconds. Those of all pages are parsed in docs.test.ts.
  test.each(["README.md", "docs/how-do-i.md", "docs/assign.md", "docs/export.md"])(
    "of %s run, one after another",
    async (page) => {
      await rm(work, { recursive: true, force: true });
      await cp(prepared, work, { recursive: true });
      process.chdir(work);
      const wrong: string[] = [];
      for (const line of commandLines(readPage(page))) {
        if (!isAtHand(line)) continue;
        try {
          await run(inShort(line.words));
        } catch (error) {
          wrong.push(`${line.text}: ${error instanceof Error ? error.message : error}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});
