/** Runs before each test file: property tests draw the same examples every time. `FC_SEED` explores others. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });
