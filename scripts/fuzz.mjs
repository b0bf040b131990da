// npm run fuzz -- [reader ...] [--inputs 100000] [--seed 0]: mutated files through the readers of sources.
// Each reader stands in scripts/fuzz/<reader>.mjs, which exports
//   samples(): Promise<{ name, bytes }[]>      small valid files to begin with
//   read(bytes, name): Promise<unknown>        reads one; throws an UnlabeledError, or gives a value, and does nothing else
// Reported: errors of other kinds (crashes), reads over a second (hangs), and the growth of memory. Exit code 1 for any.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UnlabeledError } from "unlabeled";
import { mutator } from "./fuzz/mutate.mjs";

const slowest = 1000; // milliseconds
const mostGrowth = 1024; // MiB beyond what the first 200 inputs took

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inputs: { type: "string", default: "100000" },
    seed: { type: "string", default: "0" },
    keep: { type: "string" },
  },
});
const known = readdirSync(join(import.meta.dirname, "fuzz"))
  .filter((file) => file.endsWith(".mjs") && file !== "mutate.mjs")
  .map((file) => file.replace(".mjs", ""));
let failed = false;
for (const name of positionals.length > 0 ? positionals : known) {
  if (!known.includes(name)) throw new Error(`No reader "${name}". There are: ${known.join(", ")}.`);
  failed = !(await fuzz(name)) || failed;
}
process.exitCode = failed ? 1 : 0;

async function fuzz(name) {
  const { samples, read } = await import(`./fuzz/${name}.mjs`);
  const inputs = Number(values.inputs);
  const files = await samples();
  const mutate = mutator(Number(values.seed), files);
  const found = { refused: 0, read: 0, crashes: [], slow: [], longest: 0 };
  const memory = () => process.memoryUsage().rss / 2 ** 20;
  let settled = 0;
  let peak = 0;
  const begin = performance.now();
  for (let i = 0; i < inputs; i++) {
    const { bytes, from } = mutate(i);
    const start = performance.now();
    try {
      await read(bytes, from);
      found.read += 1;
    } catch (error) {
      if (error instanceof UnlabeledError) found.refused += 1;
      else
        found.crashes.push({
          input: i,
          from,
          error: `${error?.stack ?? error}`.slice(0, 300),
          kept: keep(name, i, bytes),
        });
    }
    const took = performance.now() - start;
    found.longest = Math.max(found.longest, took);
    if (took > slowest)
      found.slow.push({ input: i, from, milliseconds: Math.round(took), kept: keep(name, i, bytes) });
    if (i === Math.min(200, inputs - 1)) settled = memory();
    if (i % 50 === 0) peak = Math.max(peak, memory());
  }
  const growth = peak - settled;
  const { crashes, slow, longest, ...counts } = found;
  const line = {
    reader: name,
    inputs,
    seed: Number(values.seed),
    ...counts,
    crashes: crashes.length,
    slow: slow.length,
    longestMs: Math.round(longest),
    peakMiB: Math.round(peak),
    growthMiB: Math.round(growth),
    seconds: Math.round((performance.now() - begin) / 1000),
  };
  for (const one of [...crashes.slice(0, 10), ...slow.slice(0, 10)]) console.log(JSON.stringify(one));
  console.log(JSON.stringify(line));
  return crashes.length === 0 && slow.length === 0 && growth < mostGrowth;
}

/** Writes an input that failed into the folder of --keep. */
function keep(name, input, bytes) {
  if (values.keep === undefined) return undefined;
  mkdirSync(values.keep, { recursive: true });
  const path = join(values.keep, `${name}-${values.seed}-${input}`);
  writeFileSync(path, bytes);
  return path;
}
