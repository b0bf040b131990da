// Reading a folder of JPEG photographs of 500 x 375 into pixels of 64 x 64, on two cores, against Pillow (what torchvision's loader decodes and
// resizes with), with and without decoding at a fraction of the size; and against our own cache. COUNT and PAIRS change the size of it.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { writePhotos } from "../photos.mjs";
import { median } from "../samples.mjs";
import { comparePairs, measure, pythonWith, skip } from "./pairs.mjs";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const count = Number(process.env.COUNT ?? 4000);
const pairs = Number(process.env.PAIRS ?? 3);
const side = 64;

export async function run() {
  const scratch = mkdtempSync(join(tmpdir(), "unlabeled-bench-"));
  try {
    const folder = join(scratch, "photos");
    mkdirSync(folder);
    await drawFlat(folder, scratch);
    const pixels = join(scratch, "pixels.raw");
    const ours = (cache) =>
      measure(process.execPath, [here("decode-ours.mjs"), JSON.stringify({ folder, side, pixels, cache })]);
    const name = `decode ${count} JPEG 500x375 to ${side}x${side}`;
    const python = pythonWith("PIL");
    if (!python) skip(name, "Pillow", "apt-get install python3-pil, or pip install pillow");
    else comparePillow(name, { python, folder, pixels }, ours);
    await setTimeout(2100); // files that were just written are not kept
    compareCache(name, join(scratch, "cache"), ours);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** JPEG files in one folder, named in order. */
async function drawFlat(folder, scratch) {
  const drawn = join(scratch, "drawn");
  await writePhotos(drawn, { count, size: [500, 375], jpegOnly: true });
  const files = readdirSync(drawn, { recursive: true }).filter((file) => file.endsWith(".jpg"));
  for (const file of files)
    renameSync(join(drawn, file), join(folder, `0${/\d{5}(?=\.jpg)/.exec(file)[0]}.jpg`));
}

function comparePillow(name, { python, folder, pixels }, ours) {
  const errorOf = (run) => {
    const task = JSON.stringify({ folder, side, pixels, count: Math.min(count, 200) });
    return { ...run, quality: measure(python, [here("decode_error.py"), task]).error };
  };
  const pillow = (draft) => () =>
    errorOf(
      measure(python, [here("decode_pil.py"), JSON.stringify({ folder, side, pixels, draft, processes: 2 })]),
    );
  comparePairs({
    name,
    what: "mean difference from exact averages, of 255",
    pairs,
    ours: () => errorOf(ours()),
    peers: { whole: pillow(false), draft: pillow(true) },
    note: "Two processes of Pillow, two threads of ours; names, order, digest and checks of the files are in our time.",
  });
}

function compareCache(name, cache, ours) {
  const first = [];
  const again = [];
  for (let pair = 0; pair < pairs; pair++) {
    rmSync(cache, { recursive: true, force: true });
    first.push(ours(cache).seconds);
    again.push(ours(cache).seconds);
  }
  const line = {
    case: `${name}, from the cache`,
    first: median(first),
    again: median(again),
    ratio: median(first.map((seconds, i) => seconds / again[i])),
    pairs,
  };
  console.log(
    `${line.case}: ${line.first.toFixed(3)} s the first time, ${line.again.toFixed(3)} s again; ${line.ratio.toFixed(1)} times as fast`,
  );
  console.log(JSON.stringify(line));
}
