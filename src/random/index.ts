export type { Random } from "./random.ts";
export { createRandom, distinctIntegers, randomGenerator, shuffleInPlace } from "./random.ts";
