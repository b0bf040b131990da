// Compiles src to dist, keeps the types that a user of the package can reach, joins the library's modules to a few files
// for Node, and makes the command executable.
import { spawnSync } from "node:child_process";
import { chmod, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { build } from "vite";

const root = fileURLToPath(new URL("../", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

await removeOld();
const { status } = spawnSync(process.execPath, [tsc, "-p", `${root}tsconfig.build.json`], {
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
await removeTypesOutOfReach();
await joinModules();
await chmod(`${root}dist/cli/main.js`, 0o755);

/** Nothing of an earlier build stays but the explorer's page, which is a part of its own. */
async function removeOld() {
  const names = await readdir(`${root}dist`).catch(() => []);
  const old = names.filter((name) => name !== "app");
  await Promise.all(old.map((name) => rm(`${root}dist/${name}`, { recursive: true, force: true })));
}

/** Types of modules that no entry point leads to (the command, the explorer's server) serve nobody. */
async function removeTypesOutOfReach() {
  const dist = new URL("../dist/", import.meta.url);
  const { exports } = JSON.parse(await readFile(`${root}package.json`, "utf8"));
  const entries = Object.values(exports).flatMap(({ types }) => types ?? []);
  const reached = new Set();
  const waiting = entries.map((path) => new URL(`../${path}`, import.meta.url).href);
  for (let href = waiting.pop(); href !== undefined; href = waiting.pop()) {
    if (reached.has(href)) continue;
    reached.add(href);
    const { importedFiles } = ts.preProcessFile(await readFile(new URL(href), "utf8"));
    for (const { fileName } of importedFiles) {
      if (!fileName.startsWith(".")) continue;
      waiting.push(new URL(fileName.replace(/\.[jt]s$/, ".d.ts"), href).href);
    }
  }
  const types = (await readdir(dist, { recursive: true })).filter((path) => path.endsWith(".d.ts"));
  const beyond = types.filter((path) => !reached.has(new URL(path.replaceAll("\\", "/"), dist).href));
  await Promise.all(beyond.map((path) => rm(new URL(path.replaceAll("\\", "/"), dist))));
}

/**
 * The library for Node: the same modules in a few files, which load in a third of the time of hundreds. Bundlers get the
 * modules one by one, of which they can leave out more.
 */
async function joinModules() {
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    build: {
      ssr: true,
      target: "node20",
      minify: false,
      outDir: "dist/joined",
      rollupOptions: {
        input: { index: `${root}dist/index.js`, node: `${root}dist/node/index.js` },
        external: /^[^./]/, // packages, Node's own modules, #platform
        preserveEntrySignatures: "strict", // what the files share among themselves is no export of the library
        output: { entryFileNames: "[name].js", chunkFileNames: "part-[name].js" },
      },
    },
  });
}
