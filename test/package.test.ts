import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";

interface Pack {
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

const root = fileURLToPath(new URL("../", import.meta.url));
let packed: Pack;

beforeAll(async () => {
  const dryRun = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const { stdout } = await promisify(execFile)("npm", dryRun, { cwd: root });
  packed = JSON.parse(stdout)[0];
});

/** Script and types of each source that is neither a test, nor for tests, nor for the kernels' own compiler. */
async function builtFiles(): Promise<string[]> {
  const sources = await readdir(`${root}src`, { recursive: true });
  return sources
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
    .filter((path) => !/(^|\/)testing\//.test(path) && !path.startsWith("kernels/assembly/"))
    .flatMap((path) => [path.replace(/ts$/, "js"), path.replace(/ts$/, "d.ts")])
    .map((path) => `dist/${path}`);
}

describe("the package that npm would publish", () => {
  test("holds script and types of every source, four papers, and nothing else", async () => {
    const papers = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
    const expected = [...papers, ...(await builtFiles())].sort();
    expect(packed.files.map((file) => file.path).sort()).toEqual(expected);
  });

  test("takes less than three million bytes", () => {
    expect(packed.unpackedSize).toBeLessThan(3e6);
  });

  test("holds every file that its entry points name", async () => {
    const { bin, exports, imports } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
    const named = JSON.stringify([bin, exports, imports]).match(/dist\/[^"]+/g) ?? [];
    const held = new Set(packed.files.map((file) => file.path));
    expect(named).toHaveLength(7);
    expect(named.filter((path) => !held.has(path))).toEqual([]);
  });
});
