// node scripts/build.mjs [kernels] [types] [app] [--force]: builds the parts that are named, or all, one after another.
// A part stays as it is while nothing has changed of what it is made of, nor of what was made; with --force it is made anew.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { digestOf, removeStamp, stampHolds, writeStamp } from "./stamps.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
/** The scripts of the build itself, and which versions of which packages are installed. */
const always = ["package.json", "node_modules/.package-lock.json", "scripts/build.mjs", "scripts/stamps.mjs"];
const isNoTest = (path) => !path.endsWith(".test.ts");

/** In the order in which one needs the other. */
const parts = {
  kernels: {
    commands: [["scripts/build-kernels.mjs"], ["scripts/build-workers.mjs"]],
    inputs: [
      ...["scripts/build-kernels.mjs", "scripts/build-workers.mjs", "src/kernels/assembly"],
      ...["src/kernels/worker.ts", "src/neural/runtime/worker.ts"],
    ],
    outputs: ["src/kernels/generated", "src/neural/runtime/generated"],
  },
  types: {
    commands: [["scripts/build-package.mjs"]],
    inputs: ["scripts/build-package.mjs", "tsconfig.json", "tsconfig.build.json", "src"],
    outputs: ["dist"],
    isOutput: (path) => !path.startsWith("dist/app/"),
  },
  app: {
    commands: [["node_modules/vite/bin/vite.js", "build", "--config", "app/vite.config.ts"]],
    inputs: ["tsconfig.json", "app", "src"],
    outputs: ["dist/app"],
  },
};

const words = process.argv.slice(2);
const force = words.includes("--force");
const named = words.filter((word) => word !== "--force");
const unknown = named.find((name) => !Object.hasOwn(parts, name));
if (unknown !== undefined) {
  process.stderr.write(`build: a part must be one of ${Object.keys(parts).join(", ")}; got ${unknown}.\n`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(parts)) build(name, parts[name]);

function build(name, { commands, inputs, outputs, isOutput }) {
  const stamp = `${root}node_modules/.cache/unlabeled/build-${name}.json`;
  const files = digestOf(root, [...always, ...inputs], isNoTest);
  // What is read beside files: Vite's mode, and the Node that runs the tools.
  const read = files && `${files} ${process.version} ${process.env.NODE_ENV ?? ""}`;
  if (!force && stampHolds(stamp, read, digestOf(root, outputs, isOutput))) {
    process.stdout.write(`build: ${name} is up to date.\n`);
    return;
  }
  removeStamp(stamp);
  for (const command of commands) {
    const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
  const written = digestOf(root, outputs, isOutput);
  if (read !== undefined && written !== undefined) writeStamp(stamp, read, written);
}
