import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parseAst } from "vite";
import { beforeAll, describe, expect, test } from "vitest";

interface Pack {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

const root = fileURLToPath(new URL("../", import.meta.url));
let packed: Pack;

beforeAll(async () => {
  const dryRun = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", dryRun, { cwd: root });
  packed = JSON.parse(stdout)[0];
});

/** Script of each source that is neither a test, nor for tests, nor for the kernels' own compiler. */
async function builtScripts(): Promise<string[]> {
  const sources = await readdir(`${root}src`, { recursive: true });
  return sources
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .filter((path) => !/(^|\/)testing\//.test(path) && !path.startsWith("kernels/assembly/"))
    .map((path) => `dist/${path.replace(/ts$/, "js")}`);
}

/** Names that a built script exports; to load hundreds of them takes seconds. */
function exportsOf(path: string): string[] {
  return parseAst(readFileSync(root + path, "utf8")).body.flatMap((node) => {
    if (node.type === "ExportAllDeclaration" && node.exported === null)
      return exportsOf(posix.join(dirname(path), String(node.source.value)));
    if (node.type === "ExportAllDeclaration") return [nameOf(node.exported)];
    if (node.type !== "ExportNamedDeclaration") return [];
    const { declaration, specifiers } = node;
    if (declaration?.type === "VariableDeclaration")
      return declaration.declarations.map(({ id }) => nameOf(id));
    return declaration ? [nameOf(declaration.id)] : specifiers.map(({ exported }) => nameOf(exported));
  });
}

const nameOf = (node: unknown): string => (node as { readonly name: string }).name;

describe("the package that npm would publish", () => {
  /** The explorer's page; its assets carry digests in their names. */
  const isPage = ({ path }: { readonly path: string }): boolean =>
    /^dist\/app\/(index\.html|assets\/[\w-]+\.(js|css|svg|txt))$/.test(path);

  /** The library in a few files, for Node. */
  const isJoined = ({ path }: { readonly path: string }): boolean =>
    /^dist\/joined\/(index|node|part-[\w-]+)\.js$/.test(path);

  const isTypes = ({ path }: { readonly path: string }): boolean => path.endsWith(".d.ts");

  test("holds the script of every source, the joined ones, types, the page, four papers, and nothing else", async () => {
    const papers = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
    const expected = [...papers, ...(await builtScripts())].sort();
    const others = packed.files.filter((file) => !isPage(file) && !isTypes(file) && !isJoined(file));
    expect(others.map((file) => file.path).sort()).toEqual(expected);
    expect(packed.files.filter(isPage).length).toBeGreaterThan(2);
    expect(packed.files.map((file) => file.path)).toContain("dist/app/assets/licences.txt");
    expect(packed.files.filter(isJoined).length).toBeGreaterThan(2);
  });

  // That no reachable type is missing is for scripts/try-package.mjs, which compiles against the installed package.
  test("holds the types of what the entry points reach, not those of the command and the explorer", () => {
    const types = packed.files.filter(isTypes).map((file) => file.path);
    expect(types).toEqual(expect.arrayContaining(["dist/index.d.ts", "dist/node/index.d.ts"]));
    expect(types.filter((path) => /^dist\/(cli|explorer)\//.test(path))).toEqual([]);
  });

  test("takes less than three million bytes, its page one million, and the joined scripts one and a half", () => {
    const bytes = (files: Pack["files"]): number => files.reduce((sum, { size }) => sum + size, 0);
    expect(bytes(packed.files.filter(isPage))).toBeLessThan(1e6);
    expect(bytes(packed.files.filter(isJoined))).toBeLessThan(1.5e6);
    expect(bytes(packed.files.filter((file) => !isPage(file) && !isJoined(file)))).toBeLessThan(3e6);
  });

  test("exports from the joined files what the single modules export, and nothing else", () => {
    for (const [joined, single] of [
      ["dist/joined/index.js", "dist/index.js"],
      ["dist/joined/node.js", "dist/node/index.js"],
    ]) {
      expect(exportsOf(joined as string).sort()).toEqual(exportsOf(single as string).sort());
    }
  });

  test("holds every file that its entry points name", async () => {
    const { bin, exports, imports } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
    const named = JSON.stringify([bin, exports, imports]).match(/dist\/[^"]+/g) ?? [];
    const held = new Set(packed.files.map((file) => file.path));
    expect(named).toHaveLength(8);
    expect(named.filter((path) => !held.has(path))).toEqual([]);
  });
});

describe("an install of a clone", () => {
  // npm 10 has no other means: it runs the install script of a package of which package-lock.json says that it has one,
  // and that of onnxruntime-node fetches CUDA files. npm writes the flag back when it updates the package.
  test("fetches packages and nothing else: onnxruntime-node's script is not run", async () => {
    const lock = JSON.parse(await readFile(`${root}package-lock.json`, "utf8"));
    const { allowScripts } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
    expect(lock.packages["node_modules/onnxruntime-node"].hasInstallScript).toBeUndefined();
    expect(allowScripts["onnxruntime-node"]).toBe(false);
  });
});
