/**
 * Seeded random numbers, the same on every machine.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna 2018), its four words filled by splitmix32 from a 32-bit
 * FNV-1a hash pair of the path "seed/name:index/...". A stream depends on its path alone, never on how many numbers
 * another stream has given: adding a restart, or changing an earlier stage, leaves the draws of a later one as they were.
 */
import { OptionError } from "../errors.ts";

/** Name and version of the generator, stored with each run. */
export const randomGenerator = "xoshiro128**/splitmix32/fnv1a v1";

/** One stream of random numbers. */
export interface Random {
  /** Next integer in 0..2^32-1. */
  uint32(): number;
  /** Next number in [0, 1), with 53 random bits. */
  float(): number;
  /** Next integer in 0..bound-1, each equally likely. `bound` is an integer in 1..2^32. */
  integer(bound: number): number;
  /** Independent stream, named by what it is for; the same name and index give the same stream again. */
  stream(name: string, index?: number): Random;
}

/**
 * Root stream of a seed.
 *
 * @param seed integer in 0..2^53-1
 * @throws {OptionError} for anything else
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new OptionError(
      `createRandom: seed must be an integer in 0..${Number.MAX_SAFE_INTEGER}; got ${seed}.`,
    );
  }
  return streamOf(`${seed}`);
}

/**
 * `count` different integers in 0..bound-1 in random order (Floyd's set, then shuffled).
 *
 * Time and memory O(count), however large `bound` is.
 */
export function distinctIntegers(random: Random, count: number, bound: number): Int32Array {
  const chosen = new Set<number>();
  for (let upper = bound - count; upper < bound; upper++) {
    const candidate = random.integer(upper + 1);
    chosen.add(chosen.has(candidate) ? upper : candidate);
  }
  return shuffleInPlace(random, Int32Array.from(chosen));
}

/** Shuffles the array (Fisher and Yates) and returns it. */
export function shuffleInPlace<A extends Int32Array | Uint32Array>(random: Random, array: A): A {
  for (let last = array.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    const value = array[last] as number;
    array[last] = array[other] as number;
    array[other] = value;
  }
  return array;
}

function streamOf(path: string): Random {
  const mix = splitmix32(fnv1a(path, 0x811c9dc5) ^ Math.imul(fnv1a(path, 0x9747b28c), 0x9e3779b1));
  let a = mix();
  let b = mix();
  let c = mix();
  let d = mix() | 1; // the all-zero state is the one state that xoshiro must not have

  const uint32 = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };

  const integer = (bound: number): number => {
    // Values at or above the largest multiple of bound would favour small results.
    const limit = 4294967296 - (4294967296 % bound);
    let value = uint32();
    while (value >= limit) value = uint32();
    return value % bound;
  };

  return {
    uint32,
    integer,
    float: () => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992,
    stream: (name, index = 0) => streamOf(`${path}/${name}:${index}`),
  };
}

function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

function splitmix32(start: number): () => number {
  let state = start | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}
