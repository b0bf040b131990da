/** What a run's model says of its images. The model is read, and the images encoded, when that is first needed. */
import { join } from "node:path";
import { type CodePlane, codeAt, type RunPoints, type RunRecord, runPoints } from "../../experiment/index.ts";
import { type ImageSet, takeImages } from "../../images/index.ts";
import { type Matrix, type Samples, takeRows } from "../../matrix/index.ts";
import { readModel, readRunFile } from "../../node/index.ts";
import {
  type Chain,
  centerImages,
  chainFeatures,
  methodStages,
  parseMethod,
  type StageContext,
  usesNetwork,
} from "../../pipeline/index.ts";
import { Refusal } from "../refusal.ts";
import type { SharedWorks, Work } from "../shared-work.ts";
import type { ExplorerWorld } from "../world.ts";
import type { RunImages } from "./run-images.ts";

/** Most probable clusters that are told of an image. */
const LIKELY = 5;

/** What a code of the run is made of. */
export interface RunCodeInput {
  readonly folder: string;
  readonly record: RunRecord;
  /** Original cluster of each image. */
  readonly labels: Int32Array;
  readonly images: RunImages;
  readonly works: SharedWorks;
  readonly world: ExplorerWorld;
  /** What the run keeps, where it does. */
  readonly points: RunPoints | undefined;
}

export class RunCode {
  private readonly input: RunCodeInput;
  private readonly stages: ReturnType<typeof methodStages>;
  private model: Promise<Chain> | undefined;
  private centers: Promise<ImageSet | undefined> | undefined;

  constructor(input: RunCodeInput) {
    this.input = input;
    this.stages = methodStages(parseMethod(input.record.method));
  }

  /** The run's model. */
  chain(): Promise<Chain> {
    const folder = join(this.input.folder, "model");
    this.model ??= readModel(folder, async (file) => {
      const bytes = await readRunFile(join(folder, file));
      if (bytes) return bytes;
      throw new Refusal(
        404,
        `explorer: "${folder}" must hold ${file}; got nothing there. Make the run again.`,
      );
    });
    return this.model;
  }

  /** How stages are called; with a runtime where the method has a network. */
  async context(signal?: AbortSignal): Promise<StageContext> {
    const { world, record } = this.input;
    const runtime = usesNetwork(parseMethod(record.method)) ? await world.runtime() : undefined;
    return { compute: world.compute, runtime, signal, now: () => world.now() };
  }

  /** What the clusterer saw of all images; fails where the images are gone. */
  features(): Work<Samples> {
    const { works, images } = this.input;
    return works.get("features", async (_tell, signal) => {
      const [chain, all] = [await this.chain(), await images.all()];
      const context = await this.context(signal);
      return works.alone(() => chainFeatures(chain, all, context));
    });
  }

  /** Places in the code, margins, second clusters: kept by the run, or made of its features. */
  points(): Work<RunPoints> {
    const { works, points, labels } = this.input;
    return works.get("points", async (_tell, signal) => {
      if (points) return points;
      const chain = await this.chain();
      const { clusterer } = this.stages;
      const samples = await this.features().result;
      const context = await this.context(signal);
      return works.alone(async () => {
        const margins = await clusterer.margins(chain.clusterer, samples, labels, context);
        const centers = clusterer.centers(chain.clusterer);
        return runPoints({ samples, labels, margins, centers }, context);
      });
    });
  }

  /** Whether images can be brought back from their codes by a network. */
  get reconstructs(): boolean {
    return this.stages.features.reconstruction !== undefined;
  }

  /** Mean squared error per pixel of each image. */
  errors(): Work<Float32Array> {
    const { works, points, images } = this.input;
    return works.get("reconstruction-error", async (_tell, signal) => {
      if (points?.errors) return points.errors;
      const { reconstruction } = this.stages.features;
      if (!reconstruction) throw new Refusal(404, "explorer: the run's method has no reconstructions.");
      const [chain, all] = [await this.chain(), await images.all()];
      const context = await this.context(signal);
      const errors = await works.alone(() => reconstruction.errors(chain.features, all, context));
      return Float32Array.from(errors);
    });
  }

  /** One image as it comes back from its code: from a network, or from its principal components. */
  async reconstruction(index: number): Promise<ImageSet> {
    const { features } = this.stages;
    if (!this.decodes && !this.reconstructs)
      throw new Refusal(404, "explorer: the run's method has no reconstructions.");
    const placed = await this.input.images.one(index);
    const one = takeImages(placed.images, [placed.index]);
    const [chain, context] = [await this.chain(), await this.context()];
    if (features.reconstruction)
      return (await features.reconstruction.of(chain.features, one, context)).images;
    const code = await features.apply(chain.features, one, context);
    return this.decode({ code: Array.from(code.data) });
  }

  /** The centers of the original clusters as images, where they can be turned back. */
  centerImages(): Promise<ImageSet | undefined> {
    this.centers ??= this.findCenters();
    return this.centers;
  }

  private async findCenters(): Promise<ImageSet | undefined> {
    const exhibits = (await this.input.images.pictures())?.exhibits;
    if (exhibits?.centers) return exhibits.centersAreMeans ? undefined : exhibits.centers;
    return centerImages(await this.chain(), await this.context());
  }

  /** Whether a code can be decoded. Pixels are no code, and a map leads nowhere back. */
  get decodes(): boolean {
    const { record } = this.input;
    const method = parseMethod(record.method);
    const plain = method.features.join() === "pixels" || record.source.vectors === true;
    return !plain && this.stages.features.toImages !== undefined && method.manifold === undefined;
  }

  /** How many numbers a code has; undefined where it cannot be decoded. */
  async codeSize(): Promise<number | undefined> {
    if (!this.decodes) return undefined;
    const { points } = this.input;
    if (points) return points.plane.mean.length;
    const chain = await this.chain();
    return this.stages.clusterer.centers(chain.clusterer).cols;
  }

  /** What lies at a code, or at a place of its plane, as an image. */
  async decode(
    asked: { readonly code: readonly number[] } | { readonly place: readonly number[] },
  ): Promise<ImageSet> {
    const chain = await this.chain();
    const { toImages } = this.stages.features;
    const size = await this.codeSize();
    if (!toImages || size === undefined) {
      throw new Refusal(404, "explorer: codes of this run's method cannot be decoded.");
    }
    const point: Matrix =
      "code" in asked
        ? { rows: 1, cols: asked.code.length, data: Float64Array.from(asked.code) }
        : codeAt(await this.plane(), asked.place);
    if (point.cols !== size) {
      throw new Refusal(400, `explorer: code must have ${size} numbers; got ${point.cols}.`);
    }
    return toImages(chain.features, point, chain.shape, await this.context());
  }

  private async plane(): Promise<CodePlane> {
    return (await this.points().result).plane;
  }

  /** The most probable clusters of an image, where the method knows probabilities. */
  async likely(
    samples: Samples,
    index: number,
  ): Promise<readonly { readonly cluster: number; readonly probability: number }[]> {
    const { clusterer } = this.stages;
    if (!clusterer.probabilities) return [];
    const chain = await this.chain();
    const one = takeRows(samples, [index]); // kernels take whole matrices
    const { data } = await clusterer.probabilities(chain.clusterer, one, await this.context());
    return Array.from(data, (probability, cluster) => ({ cluster, probability }))
      .sort((a, b) => b.probability - a.probability || a.cluster - b.cluster)
      .slice(0, LIKELY);
  }
}
