// unlabeled assign on 1,000,000 images of one .npy file against 10,000 of them: peak memory of the whole program, images a
// second, and whether its clusters are those of the library and of pipeline.onnx. The images are drawn digits, each set of
// 10,000 shifted by other pixels. METHOD=pixels+kmeans takes that case alone. Needs 2 GB in the system's temporary folder, which it gives back.
import { spawnSync } from "node:child_process";
import { createReadStream, rmSync } from "node:fs";
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { assignStream, createCompute, openRuntime, strokes } from "unlabeled";
import { readRun } from "unlabeled/node";

const quick = process.argv.includes("--quick");
const [few, many] = quick ? [200, 1000] : [10_000, 1_000_000];
const drawnImages = quick ? 200 : 10_000;

/** Methods, on how many images the program runs, and how many the library and pipeline.onnx look at. */
const cases = [
  { method: "pixels+kmeans", count: many, library: many, pipeline: many },
  { method: "pca:hog+graph", count: many, library: many / 10, pipeline: few },
].filter(({ method }) => (process.env.METHOD ?? method) === method);

/** Distances, or probabilities, that differ by no more are a tie, which may go either way in pipeline.onnx. */
const closest = 1e-5;
const height = 28;
const length = height * height;
const main = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const reportPeak = new URL("report-peak.mjs", import.meta.url).href;

export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "unlabeled-bench-"));
  const giveUp = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, giveUp);
  try {
    const sources = new Map();
    for (const count of [few, many]) {
      sources.set(count, join(folder, `${count}.npy`));
      await writeImages(sources.get(count), count);
    }
    console.log(`unlabeled assign, ${few} and ${many} images of 28 x 28 from .npy to .csv`);
    for (const one of cases) await measureCase(one, sources, folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measureCase({ method, count, library, pipeline }, sources, folder) {
  const model = join(folder, "run");
  const limit = quick ? ["--limit", "500"] : ["--split", "train"];
  program(["cluster", "strokes", "--method", method, "--out", model, "--force", ...limit]);
  const runs = [];
  for (const size of [few, count]) {
    const out = join(folder, `${size}.csv`);
    const { seconds, peakMiB, document } = program([
      "assign",
      model,
      sources.get(size),
      "--out",
      out,
      "--force",
    ]);
    const total = document.clusters.reduce((sum, one) => sum + one, 0);
    if (total !== size) throw new Error(`${total} of ${size} images have a cluster`);
    runs.push({
      images: size,
      seconds,
      peakMiB,
      imagesPerSecond: size / seconds,
      unfamiliar: document.unfamiliar,
    });
  }
  const ratio = runs[1].peakMiB / runs[0].peakMiB;
  const same = await compare(model, sources.get(count), join(folder, `${count}.csv`), { library, pipeline });
  for (const { images, seconds, peakMiB, imagesPerSecond } of runs) {
    console.log(
      `${method.padEnd(16)} ${String(images).padStart(9)} images  ${seconds.toFixed(1)} s  ${Math.round(imagesPerSecond)} images/s  peak ${peakMiB.toFixed(0)} MiB`,
    );
  }
  console.log(
    `${"".padEnd(16)} memory ${ratio.toFixed(3)} times; of ${same.library} images ${same.otherThanLibrary} other than assignStream; of ${same.pipeline} images ${same.otherThanPipeline} other than pipeline.onnx, ${same.wrong} of them beyond ties (${same.ties} ties)`,
  );
  console.log(JSON.stringify({ case: `assign ${method}`, runs, ratio, same }));
  if (same.otherThanLibrary > 0 || same.wrong > 0) throw new Error(`${method}: clusters differ`);
}

/** Runs the program in a process of its own. */
function program(words) {
  const started = performance.now();
  const child = spawnSync(process.execPath, ["--import", reportPeak, main, ...words, "--json", "--quiet"], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (child.status !== 0) throw new Error(`unlabeled ${words.join(" ")} failed:\n${child.stderr}`);
  const peakMiB = Number(/peak KiB (\d+)/.exec(child.stderr)?.[1]) / 1024;
  return { seconds, peakMiB, document: JSON.parse(child.stdout) };
}

/** Holds the clusters in a file against those of the library, and of pipeline.onnx, piece by piece. */
async function compare(folder, source, csv, { library, pipeline }) {
  const { chain } = await readRun(folder);
  const runtime = await openRuntime();
  const compute = createCompute();
  const session = await runtime.load(new Uint8Array(await readFile(join(folder, "model", "pipeline.onnx"))));
  const rows = clustersOf(csv);
  const same = { library: 0, otherThanLibrary: 0, pipeline: 0, otherThanPipeline: 0, ties: 0, wrong: 0 };
  const wanted = Math.max(library, pipeline);
  for await (const { images, assignment } of assignStream(chain, readImages(source, wanted), {
    compute,
    runtime,
  })) {
    const found = same.pipeline < pipeline ? await pipelineClusters(session, images) : undefined;
    for (let i = 0; i < images.count; i++) {
      const { value: cluster } = await rows.next();
      if (same.library < library) {
        same.library++;
        if (assignment.labels[i] !== cluster) same.otherThanLibrary++;
      }
      if (!found) continue;
      same.pipeline++;
      if (found.isTie[i]) same.ties++;
      if (found.clusters[i] === cluster) continue;
      same.otherThanPipeline++;
      if (!found.isTie[i]) same.wrong++;
    }
  }
  await rows.return();
  await session.release();
  runtime.close();
  compute.close();
  return same;
}

/** The clusters that pipeline.onnx gives, and which of them are ties. */
async function pipelineClusters(session, { count, pixels }) {
  const clusters = [];
  const isTie = [];
  const probable = session.outputs.some(({ name }) => name === "probabilities");
  const judged = probable ? "probabilities" : "distances";
  for (let from = 0; from < count; from += 1000) {
    const n = Math.min(1000, count - from);
    const data = pixels.slice(from * length, (from + n) * length);
    const results = await session.run(
      { images: { type: "uint8", shape: [n, height, height, 1], data } },
      { fetch: ["cluster", judged] },
    );
    const values = results[judged].data;
    const k = values.length / n;
    for (let i = 0; i < n; i++) {
      clusters.push(Number(results.cluster.data[i]));
      const own = Float64Array.from(values.subarray(i * k, (i + 1) * k), (value) =>
        probable ? -value : value,
      ).sort();
      isTie.push(own[1] - own[0] <= closest);
    }
  }
  return { clusters, isTie };
}

async function* clustersOf(csv) {
  let isHead = true;
  for await (const line of createInterface({ input: createReadStream(csv) })) {
    if (!isHead) yield Number(line.split(",")[3]);
    isHead = false;
  }
}

async function writeImages(path, count) {
  const file = await open(path, "w");
  try {
    const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${count}, ${height}, ${height}), }`;
    const start = Math.ceil((10 + text.length + 1) / 64) * 64;
    const head = Buffer.from(`\x93NUMPY\x01\x00..${text.padEnd(start - 11)}\n`, "latin1");
    head.writeUInt16LE(start - 10, 8);
    await file.write(head);
    const { pixels } = strokes({ count: drawnImages });
    const piece = new Uint8Array(pixels.length);
    for (let from = 0, turn = 0; from < count; from += drawnImages, turn++) {
      const shift = (turn % 10) + height * (Math.floor(turn / 10) % 10);
      for (let i = 0; i < drawnImages; i++) {
        const image = pixels.subarray(i * length, (i + 1) * length);
        piece.set(image.subarray(0, length - shift), i * length + shift);
        piece.set(image.subarray(length - shift), i * length);
      }
      await file.write(piece.subarray(0, Math.min(drawnImages, count - from) * length));
    }
  } finally {
    await file.close();
  }
}

async function* readImages(path, count) {
  const file = await open(path);
  try {
    const head = Buffer.alloc(10);
    await file.read(head, 0, 10, 0);
    const start = 10 + head.readUInt16LE(8);
    const most = 5000;
    for (let from = 0; from < count; from += most) {
      const n = Math.min(most, count - from);
      const pixels = new Uint8Array(n * length);
      await file.read(pixels, 0, pixels.length, start + from * length);
      yield { count: n, height, width: height, channels: 1, pixels };
    }
  } finally {
    await file.close();
  }
}
