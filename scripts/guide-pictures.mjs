// Draws the pictures of the guides that no report holds: node scripts/guide-pictures.mjs (after npm run build).
// All of them show drawn digits (`strokes`), so that anyone gets the same files: docs/images/guides/.
import { mkdirSync, writeFileSync } from "node:fs";
import { encode } from "fast-png";
import {
  autoencoder,
  hog,
  joint,
  kMeans,
  miniBatchKMeans,
  neighbors,
  onnx,
  pca,
  pixels,
  scattering,
  sliceImages,
  strokes,
  vectors,
} from "unlabeled";
import { groupColours } from "../dist/presentation/index.js";

const folder = new URL("../docs/images/guides/", import.meta.url);
mkdirSync(folder, { recursive: true });
const images = strokes({ count: 2000 });
const side = images.width;
const samples = pixels(images);
/** One image of each digit. */
const digits = Array.from({ length: 10 }, (_, digit) => images.labels.indexOf(digit));

/** Bytes of an image of the set. */
const imageOf = (i) => images.pixels.subarray(i * side * side, (i + 1) * side * side);

/** Numbers as grey, the least black and the greatest white; `around` 0 keeps 0 in the middle. */
function grey(values, around) {
  const greatest = Math.max(...values.map(Math.abs));
  const [low, high] = around === 0 ? [-greatest, greatest] : [Math.min(...values), Math.max(...values)];
  return Uint8Array.from(values, (x) => Math.round((255 * (x - low)) / (high - low || 1)));
}

/** Writes rows of square images, `times` as large, with a white margin; null leaves a place free. */
function sheet(name, rows, { times = 2, of = side } = {}) {
  const step = of * times + 4;
  const width = Math.max(...rows.map((row) => row.length)) * step - 4;
  const height = rows.length * step - 4;
  const data = new Uint8Array(width * height).fill(255);
  for (const [r, row] of rows.entries()) {
    for (const [c, image] of row.entries()) {
      if (!image) continue;
      for (let y = 0; y < of * times; y++) {
        for (let x = 0; x < of * times; x++) {
          const at = (r * step + y) * width + c * step + x;
          data[at] = image[Math.floor(y / times) * of + Math.floor(x / times)];
        }
      }
    }
  }
  writeFileSync(new URL(name, folder), encode({ width, height, data, channels: 1, depth: 8 }));
}

async function drawPca() {
  const { scores: _, ...model } = await pca.fit(samples, { nComponents: 50 });
  const component = (i) => grey([...model.components.data.slice(i * side * side, (i + 1) * side * side)], 0);
  const rows = [Array.from({ length: 8 }, (_, i) => component(i))];
  for (const digit of [2, 5, 8]) {
    const one = pixels(sliceImages(images, digits[digit], digits[digit] + 1));
    const { data, rows: n, cols } = await pca.transform(model, one);
    const restored = [2, 5, 10, 20, 35, 50].map((kept) => {
      const few = { rows: n, cols, data: data.map((score, i) => (i < kept ? score : 0)) };
      return Uint8Array.from(pca.inverse(model, few).data, (x) =>
        Math.round(255 * Math.min(1, Math.max(0, x))),
      );
    });
    rows.push([imageOf(digits[digit]), null, ...restored]);
  }
  sheet("pca.png", rows);
}

async function drawNeighbors() {
  const { indices } = await neighbors.exactNeighbors(samples, { k: 9 });
  const rows = [2, 3, 4, 7, 9].map((digit) => {
    const i = digits[digit];
    return [imageOf(i), null, ...Array.from(indices.slice(i * 9, (i + 1) * 9), imageOf)];
  });
  sheet("neighbors.png", rows);
}

async function drawScattering() {
  const few = sliceImages(images, digits[2], digits[2] + 1);
  const { data } = await scattering.scattering(few);
  const grid = 4; // 28 x 28 pixels: paths of 4 x 4 numbers; order 0, then order 1 of 3 scales by 8 orientations
  const path = (i) => [...data.slice(i * grid * grid, (i + 1) * grid * grid)];
  const all = Array.from({ length: 24 }, (_, i) => path(1 + i));
  const greatest = Math.max(...all.flat());
  const rows = [0, 1, 2].map((scale) =>
    all
      .slice(scale * 8, scale * 8 + 8)
      .map((values) => enlarge(values.map((x) => Math.round((255 * x) / greatest)))),
  );
  sheet("scattering.png", [[imageOf(digits[2]), enlarge(grey(path(0)))], ...rows]);

  function enlarge(values) {
    const times = side / grid;
    const at = (i) => Math.floor((i % side) / times) + grid * Math.floor(i / side / times);
    return Uint8Array.from({ length: side * side }, (_, i) => values[at(i)]);
  }
}

/** Digits, and beside each its histograms as strokes along the edges: the longer, the more of that direction. */
async function drawHog() {
  const cells = 7; // 28 pixels in cells of 4
  const blocks = cells - 1;
  const shown = [2, 4, 8];
  const scale = 6;
  const parts = [];
  for (const [n, digit] of shown.entries()) {
    const { data } = await hog.hog(sliceImages(images, digits[digit], digits[digit] + 1));
    const left = n * (2 * side + 8) * scale;
    const bytes = imageOf(digits[digit]);
    for (let i = 0; i < side * side; i++) {
      if (bytes[i] === 0) continue;
      const at = `x="${left + (i % side) * scale}" y="${Math.floor(i / side) * scale}"`;
      parts.push(
        `<rect ${at} width="${scale}" height="${scale}" fill="rgb(${bytes[i]},${bytes[i]},${bytes[i]})"/>`,
      );
    }
    parts.unshift(`<rect x="${left}" width="${side * scale}" height="${side * scale}"/>`);
    const from = left + (side + 2) * scale;
    const sums = new Float64Array(cells * cells * 9);
    const counts = new Float64Array(cells * cells);
    for (let b = 0; b < blocks * blocks; b++) {
      for (let q = 0; q < 4; q++) {
        const cell = (Math.floor(b / blocks) + (q >> 1)) * cells + (b % blocks) + (q & 1);
        counts[cell]++;
        for (let bin = 0; bin < 9; bin++) sums[cell * 9 + bin] += data[(b * 4 + q) * 9 + bin];
      }
    }
    for (let cell = 0; cell < cells * cells; cell++) {
      const x = from + ((cell % cells) + 0.5) * 4 * scale;
      const y = (Math.floor(cell / cells) + 0.5) * 4 * scale;
      for (let bin = 0; bin < 9; bin++) {
        const length = (sums[cell * 9 + bin] / counts[cell]) * 4 * scale;
        if (length < 1) continue;
        const angle = ((10 + 20 * bin + 90) * Math.PI) / 180; // edges run across their gradients
        const [dx, dy] = [Math.cos(angle), Math.sin(angle)].map((part) => (part * length) / 2);
        const line = [x - dx, y - dy, x + dx, y + dy].map((place) => place.toFixed(1));
        parts.push(
          `<path d="M${line[0]} ${line[1]}L${line[2]} ${line[3]}" stroke="#1b5a99" stroke-width="2"/>`,
        );
      }
    }
  }
  const width = shown.length * (2 * side + 8) * scale - 6 * scale;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" shape-rendering="crispEdges" viewBox="0 0 ${width} ${side * scale}" width="${width}" height="${side * scale}">`;
  writeFileSync(
    new URL("hog.svg", folder),
    `${svg}<title>Digits and the directions of their edges</title><rect width="100%" height="100%" fill="#fff"/>${parts.join("")}</svg>\n`,
  );
}

/** Planes of points side by side, coloured by cluster, each with its title below. */
function planes(name, title, panels) {
  const [of, gap] = [300, 40];
  const parts = panels.map(({ label, points, labels }, at) => {
    const lows = [0, 1].map((d) => Math.min(...points.map((point) => point[d])));
    const spans = [0, 1].map((d) => Math.max(...points.map((point) => point[d])) - lows[d]);
    const dots = new Map();
    for (const [i, point] of points.entries()) {
      const [x, y] = [0, 1].map((d) => 8 + ((of - 16) * (point[d] - lows[d])) / spans[d]);
      const path = dots.get(labels[i]) ?? [];
      path.push(`M${x.toFixed(1)} ${(of - y).toFixed(1)}h0`);
      dots.set(labels[i], path);
    }
    const paths = [...dots].map(
      ([cluster, path]) => `<path stroke="${groupColours[cluster][0]}" d="${path.join("")}"/>`,
    );
    const text = `<text x="${of / 2}" y="${of + 22}">${label}</text>`;
    return `<g transform="translate(${at * (of + gap)} 0)"><rect width="${of}" height="${of}" rx="8" fill="#f5f6f8"/><g fill="none" stroke-width="3.2" stroke-linecap="round">${paths.join("")}</g>${text}</g>`;
  });
  const width = panels.length * (of + gap) - gap;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${of + 34}" width="${width}" height="${of + 34}" font-family="system-ui,sans-serif" font-size="14" text-anchor="middle" fill="#1a1d21">`;
  writeFileSync(new URL(name, folder), `${svg}<title>${title}</title>${parts.join("\n")}</svg>\n`);
}

/** Centers as images, in the order of those of the last row. */
async function drawMiniBatch() {
  const fits = [];
  for (const maxPasses of [1, 3, 10])
    fits.push(await miniBatchKMeans.fit(samples, { nClusters: 10, batchSize: 100, maxPasses, seed: 1 }));
  const last = await kMeans.fit(samples, { nClusters: 10, init: fits[2].centers });
  const center = ({ centers }, c) => grey([...centers.data.slice(c * side * side, (c + 1) * side * side)]);
  sheet(
    "mini-batch.png",
    [...fits, last].map((fit) => Array.from({ length: 10 }, (_, c) => center(fit, c))),
  );
}

/** The code before and after joint training, in the plane of its first two components. */
async function drawJoint() {
  const few = sliceImages(images, 0, 1500);
  const before = await autoencoder.fit(few, { architecture: "dense-ae", network: { codeSize: 10 }, seed: 0 });
  const { model, labels } = await joint.fit(few, {
    ...{ method: "idec", nClusters: 10, seed: 0, pretrained: before, maxIterations: 25 },
    learningRate: 1e-3,
  });
  const first = await autoencoder.encode(before, few);
  const start = await kMeans.fit(first, { nClusters: 10, nRestarts: 20, seed: 0 });
  const plane = async (code) => {
    const { scores } = await pca.fit(code, { nComponents: 2 });
    return Array.from({ length: scores.rows }, (_, i) => scores.data.slice(i * 2, i * 2 + 2));
  };
  planes("joint-training.svg", "A code before and after joint training", [
    { label: "the code of the autoencoder", points: await plane(first), labels: start.labels },
    {
      label: `after ${model.iterations} intervals of IDEC`,
      points: await plane(await autoencoder.encode(model.autoencoder, few)),
      labels,
    },
  ]);
}

/** Two groups of things with a weight in kilograms and a height in centimetres, clustered with and without scaling. */
async function drawVectors() {
  const rows = 400;
  const values = { rows, cols: 2, data: new Float32Array(rows * 2) };
  // A fixed scatter, about normal, from a generator of its own (Numerical Recipes' constants).
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const scatter = () => uniform() + uniform() + uniform() + uniform();
  for (let i = 0; i < rows; i++) {
    values.data[2 * i] = (i % 2 === 0 ? 4 : 9) + 1.6 * scatter();
    values.data[2 * i + 1] = 150 + 40 * scatter();
  }
  const points = Array.from({ length: rows }, (_, i) => values.data.slice(i * 2, i * 2 + 2));
  const panels = [];
  for (const [scaling, label] of [
    ["none", "--scaling none: the heights decide"],
    ["standard", "--scaling standard: both count"],
  ]) {
    const { samples: scaled } = vectors.fit(values, { scaling });
    const { labels } = await kMeans.fit(scaled, { nClusters: 2, nRestarts: 10, seed: 0 });
    panels.push({ label, points, labels });
  }
  planes("vectors.svg", "Weights across and heights up, in two clusters", panels);
}

/** Digits, and beside each its nearest by what a network says of them, which came as a file of its own. */
async function drawOwnNetwork() {
  const model = await autoencoder.fit(images, { architecture: "conv-ae", network: { epochs: 20 }, seed: 0 });
  const bytes = autoencoder.encoderFile(model);
  const { samples: codes } = await onnx.fit(images, { name: "encoder.onnx", bytes });
  const { indices } = await neighbors.exactNeighbors(codes, { k: 9 });
  const rows = [2, 3, 4, 7, 9].map((digit) => {
    const i = digits[digit];
    return [imageOf(i), null, ...Array.from(indices.slice(i * 9, (i + 1) * 9), imageOf)];
  });
  sheet("own-network.png", rows);
}

await drawPca();
await drawNeighbors();
await drawScattering();
await drawHog();
await drawMiniBatch();
await drawJoint();
await drawVectors();
await drawOwnNetwork();
