/**
 * The filters, in frequency, with the conventions of kymatio: a Gabor function of width s, direction theta and frequency xi,
 *
 *     g(x) = slant / (2 pi s^2) exp(-(u^2 + slant^2 v^2) / (2 s^2)) exp(i xi u),    (u, v) = x turned by -theta,
 *
 * repeated with the period of the map, has the transform exp(-s^2 / 2 ((p - xi)^2 + (q / slant)^2)), summed over all
 * frequencies (p, q), in turned coordinates, that a grid cannot tell apart. A Morlet wavelet is g less the multiple of its
 * own envelope that makes the mean 0. Scale j has s = 0.8 * 2^j and xi = 3/4 pi / 2^j; slant = 4 / nOrientations. The
 * low-pass is a round Gaussian of s = 0.8 * 2^(nScales - 1).
 *
 * Sources: Mallat 2012, "Group invariant scattering"; Bruna and Mallat 2013, "Invariant scattering convolution networks";
 * Andreux et al. 2020, "Kymatio".
 */

/** Width of the finest wavelet, in pixels. */
const width = 0.8;
/** Its frequency, in radians per pixel. */
const pitch = 0.75 * Math.PI;
/** Periods around 0 over which aliases are summed; what lies farther out is below 1e-9 for the finest wavelet. */
const aliases = [-2, -1, 0, 1, 2];
/** Exponents below this add nothing that a double would show. */
const least = -40;

/** Transform of a wavelet: a real number for each frequency along rows' direction (first axis) and columns', in radians per pixel. */
export type Wavelet = (first: number, second: number) => number;

/**
 * Morlet wavelet of a scale and an orientation.
 *
 * @param orientation 0..nOrientations-1; directions fall from just below a right angle by pi / nOrientations each
 */
export function morlet(scale: number, orientation: number, nOrientations: number): Wavelet {
  const angle = ((nOrientations / 2 - 1 - orientation) * Math.PI) / nOrientations;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const s = width * 2 ** scale;
  const slant = 4 / nOrientations;
  const gabor = (first: number, second: number, xi: number): number => {
    let sum = 0;
    for (const m of aliases) {
      for (const n of aliases) {
        const [a, b] = [first + 2 * Math.PI * m, second + 2 * Math.PI * n];
        const p = a * cosine + b * sine - xi;
        const q = (b * cosine - a * sine) / slant;
        const exponent = (-s * s * (p * p + q * q)) / 2;
        if (exponent > least) sum += Math.exp(exponent);
      }
    }
    return sum;
  };
  const xi = pitch / 2 ** scale;
  const share = gabor(0, 0, xi) / gabor(0, 0, 0);
  return (first, second) => gabor(first, second, xi) - share * gabor(first, second, 0);
}

/** Transform of the low-pass along one axis, for a frequency in radians per pixel; along both it is the product. */
export function lowPass(frequency: number, nScales: number): number {
  const s = width * 2 ** (nScales - 1);
  return aliases.reduce((sum, m) => sum + Math.exp((-s * s * (frequency + 2 * Math.PI * m) ** 2) / 2), 0);
}

/**
 * The low-pass with its subsampling as a matrix: grid x n, from values at every `pixels`-th pixel.
 *
 * At a coarser resolution only the frequencies -n/2 .. n/2 - 1 are there.
 */
export function lowPassMatrix(n: number, grid: number, pixels: number, nScales: number): Float64Array {
  const kernel = new Float64Array(n);
  for (let k = -n / 2; k < n / 2; k++) {
    const weight = lowPass((2 * Math.PI * k) / (n * pixels), nScales) / n;
    for (let x = 0; x < n; x++)
      kernel[x] = (kernel[x] as number) + weight * Math.cos((2 * Math.PI * k * x) / n);
  }
  const step = n / grid;
  return Float64Array.from({ length: grid * n }, (_, at) => {
    const [g, x] = [Math.floor(at / n), at % n];
    return kernel[(g * step - x + n) % n] as number;
  });
}
