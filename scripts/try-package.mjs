// npm run try-package [-- --all-nodes]: packs the package, installs the file in an empty folder as a stranger would,
// and uses it there: the command, a network, both entry points and their types, with the native runtime and without.
// On the Node that runs this; with --all-nodes on each that is supported, from npm. Needs `npm run build` first.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The lowest that package.json's engines allow, and the majors above it. */
const supportedNodes = ["20.19", "22", "24"];

const root = fileURLToPath(new URL("../", import.meta.url));

const program = `
import assert from "node:assert/strict";
import { InputError, kMeans, pixels, strokes, type KMeansFit } from "unlabeled";
import { openSource } from "unlabeled/node";

const source = await openSource("strokes", { limit: 200 });
assert.equal(source.images.count, 200);
const fit: KMeansFit = await kMeans.fit(pixels(strokes({ count: 200 })), { nClusters: 10 });
assert.equal(fit.labels.length, 200);
assert.equal(new Set(fit.labels).size, 10);
assert.ok(fit.inertia > 0 && fit.converged);
await assert.rejects(openSource("nowhere"), InputError); // both entry points have the same classes
`;
const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "dom"],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  rootDir: ".",
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
};

/** The program as JavaScript, once the types of an installed package have been found to fit it. */
let compiled;

const scratch = mkdtempSync(join(tmpdir(), "unlabeled-package-"));
try {
  const [pack] = JSON.parse(
    call(root, "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", scratch),
  );
  say(`${pack.filename}: ${pack.entryCount} files, ${Math.round(pack.size / 1024)} KiB packed`);
  const nodes = process.argv.includes("--all-nodes") ? fetchNodes() : [process.execPath];
  for (const node of nodes) tryOn(node, join(scratch, pack.filename));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Paths of the supported Nodes, taken from the packages that npm's package `node` is made of: they need no install script. */
function fetchNodes() {
  const system = process.platform === "win32" ? "win" : process.platform;
  const prefix = system === "darwin" && process.arch === "arm64" ? "node-bin" : "node";
  const folder = emptyPackage("nodes");
  const wanted = supportedNodes.map(
    (version) => `node-${version}@npm:${prefix}-${system}-${process.arch}@${version}`,
  );
  call(folder, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", ...wanted);
  return supportedNodes.map((version) => join(folder, "node_modules", `node-${version}`, "bin/node"));
}

function tryOn(node, file) {
  const name = `Node ${call(root, node, "--version").trim().slice(1)}`;
  const begun = performance.now();
  const folder = emptyPackage(name.replace(" ", "-"));
  // `npm` and `unlabeled` begin with "#!/usr/bin/env node". Nothing but packages is fetched: onnxruntime-node's install
  // script would look for CUDA files.
  const PATH = `${dirname(node)}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, PATH, ONNXRUNTIME_NODE_INSTALL: "skip" };
  const run = (command, ...words) => call({ cwd: folder, env }, command, ...words);
  const unlabeled = (...words) => run(join(folder, "node_modules/.bin/unlabeled"), ...words);

  run("npm", "install", "--no-audit", "--no-fund", "--loglevel", "error", file);
  const installed = performance.now();
  const { version } = JSON.parse(readFileSync(join(folder, "node_modules/unlabeled/package.json"), "utf8"));
  mustBe("unlabeled --version", unlabeled("--version").trim(), version);
  compiled ??= compile(folder);
  writeFileSync(join(folder, "use.js"), compiled);
  cluster(unlabeled, join(folder, "pixels"), "--method", "pixels+kmeans");
  for (const runtime of ["onnxruntime-node", "onnxruntime-web"]) {
    const native = runtime === "onnxruntime-node";
    if (!native) rmSync(join(folder, "node_modules/onnxruntime-node/bin"), { recursive: true });
    const { neural } = JSON.parse(unlabeled("doctor", "--json"));
    mustBe("the runtime that doctor finds", neural.runtime, runtime);
    mustBe("an excuse in doctor's notice", neural.notice !== undefined, !native);
    cluster(unlabeled, join(folder, runtime), "--method", "vanilla-ae+kmeans", "--epochs", "1");
    run(node, "use.js");
  }
  const seconds = (from, to) => ((to - from) / 1000).toFixed(0);
  say(
    `${name}: installed in ${seconds(begun, installed)} s; runs, with and without the native runtime, and its types ` +
      `hold, in ${seconds(installed, performance.now())} s`,
  );
}

/** Clusters drawn digits, exports the images of each cluster as files, and assigns those: each must come back to its own. */
function cluster(unlabeled, out, ...flags) {
  const said = JSON.parse(
    unlabeled("cluster", "strokes", "--limit", "300", "--json", "--out", out, ...flags),
  );
  mustBe(`${flags.join(" ")}: the number of clusters`, said.results[0].clusters, 10);
  unlabeled("export", out, "--what", "folders", "--limit-per-cluster", "2", "--to", `${out}-export`);
  const lines = unlabeled("assign", out, `${out}-export`, "--no-cache", "--format", "jsonl", "--out", "-");
  const rows = lines.trim().split("\n").map(JSON.parse);
  if (rows.length < 10) throw new Error(`assign must give a row for each exported image; got ${lines}`);
  for (const { file, cluster } of rows) {
    mustBe(`the cluster of ${file}`, cluster, Number(/cluster-(\d+)\//.exec(file)?.[1]));
  }
}

/** Compiles the program against the installed types, as bundlers resolve modules and as Node does. */
function compile(folder) {
  writeFileSync(join(folder, "use.ts"), program);
  for (const [module, moduleResolution] of [
    ["esnext", "bundler"],
    ["nodenext", "nodenext"],
  ]) {
    const config = { compilerOptions: { ...compilerOptions, module, moduleResolution }, files: ["use.ts"] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    call(folder, process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json");
  }
  return readFileSync(join(folder, "use.js"), "utf8");
}

function emptyPackage(name) {
  const folder = join(scratch, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  return folder;
}

/** Standard output of a command. What it says on standard error is in the message of the error where it fails. */
function call(where, command, ...words) {
  const options = typeof where === "string" ? { cwd: where } : where;
  return execFileSync(command, words, { ...options, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function mustBe(what, got, expected) {
  if (got !== expected) throw new Error(`try-package: ${what} must be ${expected}; got ${got}.`);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
