// Packs the package, installs the file in an empty folder as a stranger would, and uses it there: the command, both
// entry points, their types, and networks, also where the native runtime does not load. Needs `npm run build` first.
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

const program = `
import assert from "node:assert/strict";
import { kMeans, pixels, strokes, type KMeansFit } from "unlabeled";
import { openSource } from "unlabeled/node";

const source = await openSource("strokes", { limit: 200 });
assert.equal(source.images.count, 200);
const fit: KMeansFit = await kMeans.fit(pixels(strokes({ count: 200 })), { nClusters: 10 });
assert.equal(fit.labels.length, 200);
assert.equal(new Set(fit.labels).size, 10);
assert.ok(fit.inertia > 0 && fit.converged);
`;
const compilerOptions = {
  target: "es2022",
  lib: ["es2023", "dom"],
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  rootDir: ".",
  outDir: "out",
  types: ["node"],
  typeRoots: [join(root, "node_modules/@types")],
};

const folder = await mkdtemp(join(tmpdir(), "unlabeled-package-"));
// Nothing but packages is fetched: onnxruntime-node's install script would look for CUDA files.
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" };
const call = (command, ...words) =>
  execFileSync(command, words, { cwd: folder, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** What `doctor` says of networks must name this runtime, and excuse it or not. */
function checkNeural(runtime, excused) {
  const { neural } = JSON.parse(
    call("npx", "--no-install", "unlabeled", "doctor", "--threads", "2", "--json"),
  );
  if (neural.runtime !== runtime || (neural.notice !== undefined) !== excused) {
    throw new Error(`doctor must find ${runtime}; got ${JSON.stringify(neural)}.`);
  }
}
try {
  const [pack] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
  call("npm", "install", "--no-audit", "--no-fund", `./${pack.filename}`);

  const { version } = createRequire(join(folder, "package.json"))("unlabeled/package.json");
  const said = call("npx", "--no-install", "unlabeled", "--version").trim();
  if (said !== version) throw new Error(`unlabeled --version must say ${version}; got ${said}.`);

  await writeFile(join(folder, "use.ts"), program);
  for (const [module, moduleResolution] of [
    ["esnext", "bundler"],
    ["nodenext", "nodenext"],
  ]) {
    const config = { compilerOptions: { ...compilerOptions, module, moduleResolution }, files: ["use.ts"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    call(process.execPath, tsc, "-p", "tsconfig.json");
  }
  call(process.execPath, "out/use.js");

  checkNeural("onnxruntime-node", false);
  await rm(join(folder, "node_modules/onnxruntime-node/bin"), { recursive: true });
  checkNeural("onnxruntime-web", true);
  call(process.execPath, "out/use.js");
  process.stdout.write(
    `${pack.filename}: ${pack.entryCount} files, ${Math.round(pack.size / 1024)} KiB packed; installs, runs, and its types hold.\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
