import type { JointModel } from "./types.ts";

/** What the user should know of a finished joint training, each a sentence. */
export function noticesOf(model: Omit<JointModel, "kind">): readonly string[] {
  return [...empty(model), ...worse(model), ...unfinished(model)];
}

function empty({ sizes, settings }: Omit<JointModel, "kind">): string[] {
  const none = Array.from(sizes.keys()).filter((cluster) => sizes[cluster] === 0);
  if (none.length === 0) return [];
  const which = none.length === 1 ? `Cluster ${none[0]} has` : `Clusters ${none.join(", ")} have`;
  const remedy = "ask for fewer clusters, or lower the learning rate";
  return [
    `${which} lost all images in the joint training of ${settings.method}: ${remedy} (now ${settings.learningRate}).`,
  ];
}

function worse({ check, settings }: Omit<JointModel, "kind">): string[] {
  if (!(check.end < check.start)) return [];
  const { method, gamma } = settings;
  const remedy =
    method === "idec" ? `try a smaller weight of its clustering loss (now ${gamma})` : "try idec";
  return [
    `The joint training of ${method} seems to have made the clusters worse: images that look alike share a cluster less often than with K-Means on the pre-trained code (modularity ${check.end.toFixed(4)}, before it ${check.start.toFixed(4)}, among ${check.images} images). Use K-Means on that code, or ${remedy}.`,
  ];
}

function unfinished({ converged, history, settings }: Omit<JointModel, "kind">): string[] {
  if (converged) return [];
  const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;
  const changed = percent(history.at(-1)?.changed ?? 0);
  return [
    `The clusters of ${settings.method} were still moving after ${settings.maxIterations} iterations (${changed} of the images changed theirs in the last; it ends below ${percent(settings.tolerance)}).`,
  ];
}
