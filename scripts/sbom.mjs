// npm run sbom: the software bill of materials of the package, sbom.cdx.json (CycloneDX): what an install brings, on any
// system. `npm sbom --omit dev` alone leaves out what tools for development use as well (commander, say); so it is asked
// of a package.json and a lock file that know of no such tools.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../", import.meta.url);
const readJson = (name) => JSON.parse(readFileSync(new URL(name, root), "utf8"));
const { devDependencies: _, ...manifest } = readJson("package.json");
const lock = readJson("package-lock.json");
const packages = Object.entries(lock.packages).filter(([, entry]) => entry.dev !== true);
const { devDependencies: __, ...itself } = lock.packages[""];

const scratch = mkdtempSync(join(tmpdir(), "unlabeled-sbom-"));
try {
  const folder = join(scratch, manifest.name); // npm calls the component by its folder
  mkdirSync(folder);
  const write = (name, content) => writeFileSync(join(folder, name), JSON.stringify(content));
  write("package.json", manifest);
  write("package-lock.json", { ...lock, packages: { ...Object.fromEntries(packages), "": itself } });
  const words = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const text = execFileSync("npm", words, { cwd: folder, encoding: "utf8" });
  const listed = new Set(JSON.parse(text).components.map(({ name, version }) => `${name}@${version}`));
  for (const [path, { version }] of packages) {
    const name = `${path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)}@${version}`;
    if (path !== "" && !listed.has(name)) throw new Error(`npm run sbom: ${name} must be listed; it is not.`);
  }
  writeFileSync(new URL("sbom.cdx.json", root), text);
  process.stdout.write(`sbom.cdx.json: ${listed.size} packages\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
