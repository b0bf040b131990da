/**
 * How the learning rate changes over training:
 * - `constant`;
 * - `cosine`: from the whole rate to 0 along half a cosine (Loshchilov and Hutter 2017, without restarts);
 * - `step`: a tenth after half of the training, a hundredth after three quarters (He et al. 2016).
 */
export type Schedule = "constant" | "cosine" | "step";

/**
 * Factor of the learning rate.
 *
 * @param done share of all steps that have been taken, in [0, 1)
 */
export function scheduleFactor(schedule: Schedule, done: number): number {
  switch (schedule) {
    case "constant":
      return 1;
    case "cosine":
      return (1 + Math.cos(Math.PI * done)) / 2;
    case "step":
      return done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01;
  }
}
