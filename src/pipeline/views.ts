/**
 * Several views of the same images: each kind of features is learned by itself, and their numbers stand side by side. A
 * clusterer that knows of views (`columns`) looks at each by itself; for any other, all views vary alike in total, so that
 * none outweighs the others by its unit.
 */
import { OptionError } from "../errors.ts";
import type { ImageSet } from "../images/index.ts";
import { isByteMatrix, type Matrix, type Samples } from "../matrix/index.ts";
import { concatenate, scale, type Tensor, toFloat } from "../neural/index.ts";
import type { FeatureModel, SingleFeatureModel, View, ViewsModel } from "./models.ts";
import type { FeatureFit, FeatureOptions, FeatureStage, StageContext } from "./stages.ts";

/** The features stage of several words. */
export function viewsStage(parts: readonly (readonly [word: string, stage: FeatureStage])[]): FeatureStage {
  const stages = new Map(parts);
  const ofView = ({ word }: View): FeatureStage => {
    const stage = stages.get(word);
    if (!stage)
      throw new OptionError(`viewsStage: views must be ${[...stages.keys()].join(", ")}; got ${word}.`);
    return stage;
  };
  return {
    async *steps(images: ImageSet, options: FeatureOptions, context: StageContext) {
      const fits: FeatureFit[] = [];
      for (const [, stage] of parts) fits.push(yield* stage.steps(images, options, context));
      const views = fits.map(
        ({ model, samples }, at): View => ({
          word: parts[at]?.[0] ?? "",
          model: single(model),
          columns: samples.cols,
          scale: scaleOf(samples),
        }),
      );
      const learned = fits.find(({ training }) => training !== undefined);
      return {
        model: { kind: "views", views },
        samples: sideBySide(
          images.count,
          views,
          fits.map(({ samples }) => samples),
        ),
        ...(learned?.training && { training: learned.training }),
        ...(learned?.unfolding && { unfolding: learned.unfolding }),
        notices: fits.flatMap(({ notices = [] }) => notices),
      };
    },
    async apply(model, images, context) {
      const { views } = several(model);
      const samples: Samples[] = [];
      for (const view of views) samples.push(await ofView(view).apply(view.model, images, context));
      return sideBySide(images.count, views, samples);
    },
    columns: (model) => several(model).views.map(({ columns }) => columns),
    ...(parts.every(([, stage]) => stage.graph) && {
      graph: (model: FeatureModel, images: Tensor) =>
        concatenate(
          several(model).views.map((view) =>
            scale(toFloat(ofView(view).graph?.(view.model, images) as Tensor, "float32"), view.scale),
          ),
          1,
        ),
    }),
  };
}

/** One over the root of the total variance; 1 where nothing varies. */
function scaleOf(samples: Samples): number {
  const { rows, cols, data } = samples;
  const unit = isByteMatrix(samples) ? samples.unit : 1;
  const sums = new Float64Array(cols);
  // The first row stands in for the mean until that is known: sums of squares around it do not cancel.
  const squares = new Float64Array(cols);
  for (let i = 0, at = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++, at++) {
      const value = (data[at] as number) - (data[j] as number);
      sums[j] = (sums[j] as number) + value;
      squares[j] = (squares[j] as number) + value * value;
    }
  }
  let total = 0;
  for (let j = 0; j < cols; j++) {
    total += Math.max(0, (squares[j] as number) / rows - ((sums[j] as number) / rows) ** 2);
  }
  const deviation = Math.sqrt(total) * unit;
  return deviation > 0 && Number.isFinite(1 / deviation) ? Math.fround(1 / deviation) : 1;
}

function sideBySide(rows: number, views: readonly View[], samples: readonly Samples[]): Matrix<Float32Array> {
  const cols = views.reduce((sum, view) => sum + view.columns, 0);
  const data = new Float32Array(rows * cols);
  let first = 0;
  views.forEach(({ columns, scale: by }, v) => {
    const view = samples[v] as Samples;
    const factor = isByteMatrix(view) ? by * view.unit : by;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        data[i * cols + first + j] = (view.data[i * columns + j] as number) * factor;
      }
    }
    first += columns;
  });
  return { rows, cols, data };
}

function single(model: FeatureModel): SingleFeatureModel {
  if (model.kind !== "views") return model;
  throw new TypeError("a view cannot be made of views");
}

function several(model: FeatureModel): ViewsModel {
  if (model.kind === "views") return model;
  throw new TypeError(`a model of several views was expected; got ${model.kind}`);
}
