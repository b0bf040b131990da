// How long a user waits before anything happens: the program's help, and the import of both entry points, each in a
// process of its own, beside a Node that does nothing. By turns, so that a busy moment hits all cases alike.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { commands } from "../dist/cli/commands.js";
import { median } from "./samples.mjs";

const quick = process.argv.includes("--quick");
const runs = quick ? 1 : 21;
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const root = fileURLToPath(new URL("../", import.meta.url)); // where a package finds itself by its name

const importing = (name) => ["--input-type=module", "-e", `import ${JSON.stringify(name)}`];
const cases = new Map([
  ["node -e 0", ["-e", "0"]],
  ["unlabeled --help", [main, "--help"]],
  ["unlabeled --version", [main, "--version"]],
  ...commands.map(({ name }) => [`unlabeled ${name} --help`, [main, ...name.split(" "), "--help"]]),
  ['import "unlabeled"', importing("unlabeled")],
  ['import "unlabeled/node"', importing("unlabeled/node")],
]);

export function run() {
  const times = new Map([...cases.keys()].map((name) => [name, []]));
  for (let i = 0; i < runs; i++) {
    for (const [name, words] of cases) times.get(name).push(timeOf(words));
  }
  console.log(`\nStart: milliseconds of a whole process, ${runs} runs each.\n`);
  console.log("| process | median | fastest |");
  console.log("| --- | --- | --- |");
  for (const [name, all] of times) {
    console.log(`| \`${name}\` | ${median(all).toFixed(0)} | ${Math.min(...all).toFixed(0)} |`);
  }
}

function timeOf(words) {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, words, { cwd: root, encoding: "utf8" });
  const ms = performance.now() - begun;
  if (status !== 0) throw new Error(`node ${words.join(" ")} must end with 0; got ${status}. ${stderr}`);
  return ms;
}
