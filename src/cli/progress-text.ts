/** Lines of progress. */
import type { RunProgress } from "../experiment/index.ts";
import type { TrainingProgress } from "../neural/index.ts";
import type { DecodeProgress } from "../node/index.ts";
import type { PanelProgress } from "../number-of-clusters/index.ts";
import type { IterationStep } from "../pipeline/index.ts";
import { grouped } from "./results-text.ts";

/** Where a run stands. */
export function runText(progress: RunProgress): string {
  return `${progress.method}, seed ${progress.seed}: ${doingText(progress)}`;
}

/** What a run is doing. */
export function doingText({ stage, step, training, map, panel }: RunProgress): string {
  if (training) return trainingText(training);
  if (step) return stepText(step);
  if (map) return map.part === "layout" ? `map, epoch ${map.epoch} of ${map.epochs}` : "map, neighbours";
  return panel ? panelText(panel) : stage;
}

/** `number of clusters: 5 of 20, iteration 12`, `number of clusters: stability, 30%` */
function panelText(panel: PanelProgress): string {
  if (panel.stage === "fit") {
    return `number of clusters: ${panel.k}, the ${panel.position + 1}. of ${panel.total}, iteration ${panel.iteration}`;
  }
  return `number of clusters: ${panel.stage}, ${Math.round((100 * panel.done) / panel.total)}%`;
}

/** `iteration 12, inertia 2,233,496, 120 moved`, `communities, 3 of 5` */
function stepText(step: NonNullable<RunProgress["step"]>): string {
  if ("part" in step) {
    const what = step.part === "neighbors" ? "neighbours" : step.part;
    return step.total > 1 ? `${what}, ${step.done} of ${step.total}` : what;
  }
  return `iteration ${step.iteration}, ${iterationText(step)}`;
}

function iterationText(step: IterationStep): string {
  if ("inertia" in step) {
    const moved = step.changed === undefined ? "" : `, ${grouped(step.changed)} moved`;
    return `inertia ${grouped(Math.round(step.inertia))}${moved}`;
  }
  if ("loss" in step) {
    return `minibatch ${grouped(step.batch)} of ${grouped(step.batches)}, loss ${lossText(step.loss)}, ${(100 * step.changed).toFixed(2)}% moved before`;
  }
  const start = step.restart > 0 ? `start ${step.restart + 1}, ` : "";
  return `${start}log-likelihood ${step.meanLogLikelihood.toFixed(4)} per image`;
}

/** `epoch 3/20, minibatch 12 of 235, loss 0.0412, validation loss 0.0433, 5,120 images/s, 2 min 5 s left` */
export function trainingText(training: TrainingProgress): string {
  const { epoch, epochs, batch, batches, loss, validationLoss, imagesPerSecond, secondsLeft } = training;
  const parts = [
    `epoch ${epoch}/${epochs}`,
    `minibatch ${grouped(batch)} of ${grouped(batches)}`,
    `loss ${lossText(loss)}`,
    validationLoss === undefined ? "" : `validation loss ${lossText(validationLoss)}`,
    imagesPerSecond === undefined ? "" : `${grouped(Math.round(imagesPerSecond))} images/s`,
    secondsLeft === undefined ? "" : `${durationText(secondsLeft)} left`,
  ];
  return parts.filter(Boolean).join(", ");
}

/** `45 s`, `2 min 5 s`, `1 h 20 min` */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes === 0) return `${whole} s`;
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function lossText(loss: number): string {
  return loss.toPrecision(3);
}

/** A line of progress for the reading of image files: `1,024 of 5,000 images read, 3 skipped`. */
export function decodeLine({ done, total, skipped }: DecodeProgress): string {
  const of = total === undefined ? "" : ` of ${grouped(total)}`;
  return `${grouped(done)}${of} images read${skipped > 0 ? `, ${grouped(skipped)} skipped` : ""}`;
}
