// Seeded sets of normal blobs with a known number of them, for the benchmark of the panel.
import { createRandom } from "unlabeled";

/** Numbers of blobs of the ten sets. */
const counts = [2, 3, 4, 5, 6, 8, 10, 10, 12, 15];
const nFeatures = 10;

/** Least distance between centers, in standard deviations, where blobs are tight, and its range where they are apart. */
const tight = 2.5;
const apart = [5, 10];

/**
 * Ten sets in ten dimensions: three with tight centers, three others whose sizes go from 1 to 10, drawn by the seed; of
 * 1,000 to 5,000 samples. Tight centers come in one of these arrangements:
 * - "chained": each new center is 2.5 from an earlier one in any direction, and no nearer to any other;
 * - "spread": drawn in a cube that is then scaled until the nearest two are 2.5 apart;
 * - "simplex": all pairs are 2.5 apart, of at most 11; of more, as chained.
 */
export function blobSets(seed, arrangement) {
  const random = createRandom(seed).stream(`blob sets ${arrangement}`);
  const order = shuffled(random.stream("order"));
  return counts.map((k, at) => {
    const own = random.stream("set", at);
    const isTight = order.indexOf(at) < 3;
    const isUneven = !isTight && order.indexOf(at) < 6;
    const distance = isTight ? tight : apart[0] + own.float() * (apart[1] - apart[0]);
    const rows = 1000 + own.integer(4001);
    const centers = arrange(own.stream("centers"), k, isTight ? arrangement : "spread", distance);
    const samples = drawBlobs(own.stream("samples"), centers, sizes(rows, k, isUneven));
    return { k, samples, kind: isTight ? "tight" : isUneven ? "uneven" : "apart", distance };
  });
}

function shuffled(random) {
  const places = counts.map((_, at) => [random.float(), at]);
  return places.sort(([a], [b]) => a - b).map(([, at]) => at);
}

/** Numbers of samples; uneven ones go from 1 to 10 in equal steps. */
function sizes(rows, k, uneven) {
  const parts = Array.from({ length: k }, (_, c) => (uneven ? 1 + (9 * c) / (k - 1) : 1));
  const total = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => Math.round((rows * part) / total));
}

function arrange(random, k, arrangement, distance) {
  if (arrangement === "spread") return spread(random, k, distance);
  if (arrangement === "simplex" && k <= nFeatures + 1) return simplex(k, distance);
  return chained(random, k, distance);
}

function spread(random, k, distance) {
  const centers = Array.from({ length: k }, () => Array.from({ length: nFeatures }, () => random.float()));
  let least = Number.POSITIVE_INFINITY;
  for (const [a, one] of centers.entries()) {
    for (const other of centers.slice(0, a)) least = Math.min(least, length(minus(one, other)));
  }
  return centers.map((center) => center.map((value) => (value * distance) / least));
}

/** The corners of a unit simplex: e_1, ..., e_10 and one point on the diagonal. */
function simplex(k, distance) {
  const last = (1 - Math.sqrt(nFeatures + 1)) / nFeatures;
  return Array.from({ length: k }, (_, c) =>
    Array.from({ length: nFeatures }, (_, j) => {
      const value = c === nFeatures ? last : c === j ? 1 : 0;
      return (value * distance) / Math.SQRT2;
    }),
  );
}

function chained(random, k, distance) {
  const centers = [new Array(nFeatures).fill(0)];
  while (centers.length < k) {
    const from = centers[random.integer(centers.length)];
    const direction = Array.from({ length: nFeatures }, () => normal(random));
    const step = distance / length(direction);
    const center = from.map((value, j) => value + step * direction[j]);
    const isFree = centers.every((other) => other === from || length(minus(center, other)) >= distance);
    if (isFree) centers.push(center);
  }
  return centers;
}

function drawBlobs(random, centers, sizes) {
  const rows = sizes.reduce((a, b) => a + b, 0);
  const data = new Float32Array(rows * nFeatures);
  let at = 0;
  for (const [c, size] of sizes.entries()) {
    for (let i = 0; i < size; i++) for (const value of centers[c]) data[at++] = value + normal(random);
  }
  return { rows, cols: nFeatures, data };
}

/** Box and Muller's transform, of which one result is used. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

const minus = (a, b) => a.map((value, j) => value - b[j]);
const length = (vector) => Math.hypot(...vector);
