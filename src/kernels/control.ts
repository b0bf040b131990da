/**
 * Layout of the 32-bit integers through which the caller and the workers agree on a job. Counters that many threads
 * write lie 64 bytes apart, so that they do not share a cache line.
 */
export const maxPhases = 8;

export const slots = {
  /** Rises by one for each job; workers sleep on it. */
  generation: 0,
  /** 1 once the job is to be left. */
  cancelled: 16,
  nPhases: 32,
  firstPhase: 48,
  /** Kernel, task, number of blocks; at 16 the next block, at 32 the workers that arrived, at 48 the release. */
  phaseLength: 64,
} as const;

export const controlLength: number = slots.firstPhase + maxPhases * slots.phaseLength;
