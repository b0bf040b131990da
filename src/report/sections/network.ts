import type { TrainingRecord } from "../../experiment/index.ts";
import { count, duration, quantity, significant } from "../../presentation/index.ts";
import { isLogarithmic, lossChart } from "../charts/loss.ts";
import { type Html, html } from "../html.ts";
import type { Part } from "../part.ts";
import { definitions, fluidChart, scrollBox } from "../pieces.ts";
import type { RunView } from "../view.ts";
import { networkWords, trainingSeconds } from "../words.ts";

/** The network in words, how its loss fell, and why training stopped; nothing where no network was trained. */
export function networkPart(view: RunView): Part | undefined {
  const { training } = view.result;
  if (training === undefined || training.epochs.length === 0) return undefined;
  const chart = lossChart(training);
  const body = html`<div class="aside"><div>${fluidChart(chart)}</div>
<div><p>${endWords(training)}</p><p class="soft">${lossWords(training)}</p>${lossTable(training)}</div></div>
${facts(training)}
<div class="pair layers">${layers("From the image to the code", training.encoder)}${layers("From the code to the image", training.decoder)}</div>`;
  return {
    section: { id: `${view.prefix}network`, title: "The network and its training", body },
    figures: [{ name: `${view.prefix}loss.svg`, content: chart.file }],
  };
}

function endWords(training: TrainingRecord): string {
  const { epochs, maxEpochs, keptEpoch, stopReason } = training;
  const ran =
    stopReason === "no improvement"
      ? `Training stopped after ${count(epochs.length)} of at most ${quantity(maxEpochs, "epoch")}, because the validation loss fell no further`
      : `Training ran for all of its ${quantity(epochs.length, "epoch")}`;
  const loss = epochs[keptEpoch - 1]?.validationLoss ?? Number.NaN;
  const last = keptEpoch === epochs.length;
  const kept =
    last && epochs.length > 1
      ? `The last epoch was the best, with a validation loss of ${significant(loss, 4)}, so its weights were kept`
      : `The weights of epoch ${keptEpoch} were kept, with a validation loss of ${significant(loss, 4)}`;
  const more = last && stopReason === "epochs" ? "; more epochs might go on improving it" : "";
  return `${ran}. ${kept}${more}.`;
}

function lossWords({ validation, epochs }: TrainingRecord): string {
  const scale = isLogarithmic(epochs.flatMap(({ loss, validationLoss }) => [loss, validationLoss]))
    ? " The scale is logarithmic: each step down divides the loss."
    : "";
  return `The validation loss is taken on images that were not trained on (${validation}), without noise and penalties. The training loss is the mean over an epoch while the weights still change, so it may lie above.${scale}`;
}

const lossNames: Readonly<Record<TrainingRecord["loss"], string>> = {
  mse: "mean squared error",
  bce: "binary cross-entropy",
};

function facts(training: TrainingRecord): Html {
  const { architecture, epochs } = training;
  const seconds = trainingSeconds(training);
  const words = networkWords(architecture);
  return definitions([
    [
      "Network",
      html`<code>${architecture}</code>${words !== architecture && html` <span class="soft">${words}</span>`}`,
    ],
    ["Trained numbers", count(training.parameters)],
    ["Code", quantity(training.codeSize, "number")],
    ["Loss", lossNames[training.loss]],
    ["Optimizer", training.optimizer],
    ["Learning rate", `${training.learningRate}`],
    ["Images in a batch", count(training.batch)],
    ["Epochs", `${count(epochs.length)} of at most ${count(training.maxEpochs)}`],
    [
      "Training time",
      html`${duration(seconds)} <span class="soft">${duration(seconds / epochs.length)} per epoch</span>`,
    ],
    ["Runtime", training.runtime],
  ]);
}

function layers(title: string, names: readonly string[]): Html {
  return html`<div><p class="minor">${title}</p><ol>${names.map((name) => html`<li>${name}</li>`)}</ol></div>`;
}

function lossTable({ epochs, keptEpoch }: TrainingRecord): Html {
  const table = html`<table class="numbers"><thead><tr><th scope="col">Epoch</th><th scope="col">Training</th><th scope="col">Validation</th><th scope="col">Time</th></tr></thead>
<tbody>${epochs.map(
    ({ loss, validationLoss, seconds }, i) =>
      html`<tr><th scope="row">${i + 1}${i + 1 === keptEpoch && " (kept)"}</th><td>${significant(loss, 4)}</td><td>${significant(validationLoss, 4)}</td><td>${duration(seconds)}</td></tr>`,
  )}</tbody></table>`;
  return html`<details><summary>The losses as numbers</summary>${scrollBox("Loss by epoch", table)}</details>`;
}
