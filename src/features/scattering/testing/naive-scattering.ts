/** Scattering of one channel the slow way: filters made in space, transforms by their definition, all in double precision. */

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

interface Field extends Complex {
  readonly rows: number;
  readonly cols: number;
}

/** Transform of one line by its definition; sign -1 forwards, 1 back. */
function lineTransform({ re, im }: Complex, sign: number): Complex {
  const n = re.length;
  const out = { re: new Float64Array(n), im: new Float64Array(n) };
  const cosines = Float64Array.from({ length: n }, (_, k) => Math.cos((2 * Math.PI * k) / n));
  const sines = Float64Array.from({ length: n }, (_, k) => sign * Math.sin((2 * Math.PI * k) / n));
  for (let k = 0; k < n; k++) {
    for (let x = 0; x < n; x++) {
      const c = cosines[(k * x) % n] as number;
      const s = sines[(k * x) % n] as number;
      const a = re[x] as number;
      const b = im[x] as number;
      out.re[k] = (out.re[k] as number) + a * c - b * s;
      out.im[k] = (out.im[k] as number) + a * s + b * c;
    }
  }
  return out;
}

function transposed({ rows, cols, re, im }: Field): Field {
  const turn = (from: Float64Array): Float64Array =>
    Float64Array.from(
      { length: rows * cols },
      (_, i) => from[(i % rows) * cols + Math.floor(i / rows)] as number,
    );
  return { rows: cols, cols: rows, re: turn(re), im: turn(im) };
}

function alongRows(field: Field, sign: number): Field {
  const { rows, cols } = field;
  const out = { rows, cols, re: new Float64Array(rows * cols), im: new Float64Array(rows * cols) };
  for (let r = 0; r < rows; r++) {
    const part = (of: Float64Array): Float64Array => of.subarray(r * cols, (r + 1) * cols);
    const line = lineTransform({ re: part(field.re), im: part(field.im) }, sign);
    out.re.set(line.re, r * cols);
    out.im.set(line.im, r * cols);
  }
  return out;
}

const transform = (field: Field, sign: number): Field =>
  transposed(alongRows(transposed(alongRows(field, sign)), sign));

const real = (rows: number, cols: number, re: Float64Array): Field => ({
  rows,
  cols,
  re,
  im: new Float64Array(re.length),
});

/** Gabor function repeated with the period of the map. */
function gabor(
  rows: number,
  cols: number,
  width: number,
  angle: number,
  pitch: number,
  slant: number,
): Field {
  const field = real(rows, cols, new Float64Array(rows * cols));
  const unit = slant / (2 * Math.PI * width * width);
  for (let x = -3 * rows; x < 4 * rows; x++) {
    for (let y = -3 * cols; y < 4 * cols; y++) {
      const u = x * Math.cos(angle) + y * Math.sin(angle);
      const v = y * Math.cos(angle) - x * Math.sin(angle);
      const size = unit * Math.exp(-(u * u + slant * slant * v * v) / (2 * width * width));
      const at = (((x % rows) + rows) % rows) * cols + (((y % cols) + cols) % cols);
      field.re[at] = (field.re[at] as number) + size * Math.cos(pitch * u);
      field.im[at] = (field.im[at] as number) + size * Math.sin(pitch * u);
    }
  }
  return field;
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

function morlet(
  rows: number,
  cols: number,
  scale: number,
  orientation: number,
  nOrientations: number,
): Field {
  const angle = ((nOrientations / 2 - 1 - orientation) * Math.PI) / nOrientations;
  const [width, slant] = [0.8 * 2 ** scale, 4 / nOrientations];
  const wave = gabor(rows, cols, width, angle, (0.75 * Math.PI) / 2 ** scale, slant);
  const envelope = gabor(rows, cols, width, angle, 0, slant);
  const share = total(wave.re) / total(envelope.re);
  return { ...wave, re: wave.re.map((value, i) => value - share * (envelope.re[i] as number)) };
}

/** Every `every`-th value of the circular convolution of a map of every `step`-th pixel with a filter of all pixels. */
function convolve(map: Field, filter: Field, step: number, every: number): Field {
  const spectrum = transform(map, -1);
  const { rows, cols } = map;
  const whole = (k: number, n: number): number => (k < n / 2 ? k : k - n + n * step); // the same frequency among all
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      const weight = filter.re[whole(r, rows) * filter.cols + whole(c, cols)] as number;
      const at = r * cols + c;
      spectrum.re[at] = ((spectrum.re[at] as number) * weight) / (rows * cols);
      spectrum.im[at] = ((spectrum.im[at] as number) * weight) / (rows * cols);
    }
  }
  const back = transform(spectrum, 1);
  const [keptRows, keptCols] = [rows / every, cols / every];
  const pick = (of: Float64Array): Float64Array =>
    Float64Array.from(
      { length: keptRows * keptCols },
      (_, i) => of[Math.floor(i / keptCols) * every * cols + (i % keptCols) * every] as number,
    );
  return { rows: keptRows, cols: keptCols, re: pick(back.re), im: pick(back.im) };
}

const modulus = ({ rows, cols, re, im }: Field): Field =>
  real(
    rows,
    cols,
    re.map((value, i) => Math.hypot(value, im[i] as number)),
  );

/** Filters by what they depend on. */
const made = new Map<string, { readonly smooth: Field; readonly wavelets: readonly (readonly Field[])[] }>();

/** All coefficients of a padded channel, rows x cols, in the order of `scattering`. */
export function naiveScattering(
  pixels: Float64Array,
  rows: number,
  cols: number,
  nScales: number,
  nOrientations: number,
): number[] {
  const count = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const image = real(rows, cols, pixels);
  const key = [rows, cols, nScales, nOrientations].join(" ");
  const filters = made.get(key) ?? {
    smooth: transform(gabor(rows, cols, 0.8 * 2 ** (nScales - 1), 0, 0, 1), -1),
    wavelets: count(nScales).map((j) =>
      count(nOrientations).map((o) => transform(morlet(rows, cols, j, o, nOrientations), -1)),
    ),
  };
  made.set(key, filters);
  const { smooth, wavelets } = filters;
  const low = (map: Field, scale: number): number[] =>
    Array.from(convolve(map, smooth, 2 ** scale, 2 ** (nScales - scale)).re);
  const zeroth = low(image, 0);
  const first: number[] = [];
  const second: number[] = [];
  wavelets.forEach((directions, scale) => {
    for (const wavelet of directions) {
      const map = modulus(convolve(image, wavelet, 1, 2 ** scale));
      first.push(...low(map, scale));
      wavelets.forEach((coarserDirections, coarser) => {
        if (coarser <= scale) return;
        for (const other of coarserDirections) {
          const deeper = modulus(convolve(map, other, 2 ** scale, 2 ** (coarser - scale)));
          second.push(...low(deeper, coarser));
        }
      });
    }
  });
  return [...zeroth, ...first, ...second];
}
