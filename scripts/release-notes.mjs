// node scripts/release-notes.mjs <tag>: the section of CHANGELOG.md that belongs to a tag v1.2.3; fails unless package.json,
// package-lock.json, CITATION.cff and CHANGELOG.md all tell of that version.
import { readFileSync } from "node:fs";

const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const [tag = ""] = process.argv.slice(2);
const { version } = JSON.parse(read("package.json"));
const { version: locked } = JSON.parse(read("package-lock.json"));
if (tag !== `v${version}`) fail(`the tag must be v${version}, as package.json says; got "${tag}"`);
if (locked !== version) fail(`package-lock.json must say ${version}; it says ${locked}. Run npm install`);
if (!read("CITATION.cff").includes(`\nversion: ${version}\n`))
  fail(`CITATION.cff must say version: ${version}`);

const sections = read("CHANGELOG.md").split(/^## /m).slice(1);
const section = sections.find((text) => text.startsWith(`${version} - `));
const notes = section?.slice(section.indexOf("\n")).trim();
if (!notes) fail(`CHANGELOG.md must have a section "## ${version} - <date>" that says something`);
process.stdout.write(`${notes}\n`);

function fail(what) {
  process.stderr.write(`release-notes: ${what}.\n`);
  process.exit(1);
}
