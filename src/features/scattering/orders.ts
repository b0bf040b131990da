/** In which order the kernels' Fourier transforms leave their output, and the roots of unity that they take. */

/**
 * Frequency that stands at each place of a transform of `n` numbers: 8 come in natural order, 16 as 4 x 4, 32 as 4 x 8, and
 * more as two halves, of even and of odd frequencies (assembly/fourier.ts).
 *
 * @param n a power of two, at least 8
 */
export function frequencyOrder(n: number): Int32Array {
  if (n === 8) return Int32Array.from({ length: n }, (_, k) => k);
  const radix = n > 32 ? 2 : 4;
  const inner = n === 16 ? Int32Array.of(0, 1, 2, 3) : frequencyOrder(n / radix);
  return Int32Array.from({ length: n }, (_, place) => {
    const [block, at] = [Math.floor(place / inner.length), place % inner.length];
    return radix * (inner[at] as number) + block;
  });
}

/** Place of each frequency: the inverse of {@link frequencyOrder}. */
export function placesOf(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  order.forEach((frequency, place) => {
    places[frequency] = place;
  });
  return places;
}

/**
 * Cosines and sines of 2 pi k / 32, k < 32, and after them, for n = 64, 128 and so on up to the largest size, those of
 * 2 pi k / n, k < n / 2.
 */
export function rootTable(largest: number): Float32Array {
  const roots: number[] = [];
  const add = (count: number, n: number): void => {
    for (let k = 0; k < count; k++)
      roots.push(Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n));
  };
  add(32, 32);
  for (let n = 64; n <= largest; n *= 2) add(n / 2, n);
  return Float32Array.from(roots);
}
