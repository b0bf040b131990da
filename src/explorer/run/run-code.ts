/** What a run's model says of its images. The model is read, and the images encoded, when that is first needed. */
import { join } from "node:path";
import {
  type CodePlane,
  codeAt,
  placeOf,
  type RunPoints,
  type RunRecord,
  runPoints,
} from "../../experiment/index.ts";
import { type ImageSet, takeImages } from "../../images/index.ts";
import { floatsOf, groupMeans, type Matrix, row, type Samples, takeRows } from "../../matrix/index.ts";
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
import type { Drawing } from "../protocol.ts";
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
    return this.decode(floatsOf(code));
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

  /** What draws a place of the code's plane. */
  async drawing(): Promise<Drawing> {
    const { record, points } = this.input;
    const method = parseMethod(record.method);
    const without = (what: string): Drawing => ({
      by: null,
      reason: `${what} Make a run that has a decoder, e.g. \`unlabeled cluster ${record.source.location} --method conv-ae+kmeans\`.`,
    });
    if (record.source.vectors) {
      return { by: null, reason: "The run is of vectors, which are no pictures: there is nothing to draw." };
    }
    if (method.manifold !== undefined) {
      return without("The clusters of this run were found on a map, from which no way leads back to images.");
    }
    if (this.stages.features.toImages === undefined) {
      return without(`What this run sees of an image (${method.features.join(", ")}) cannot be turned back.`);
    }
    const by = this.reconstructs ? "network" : method.features.join() === "pixels" ? "pixels" : "components";
    if (points) return { by, codeSize: points.plane.mean.length };
    const chain = await this.chain();
    return { by, codeSize: this.stages.clusterer.centers(chain.clusterer).cols };
  }

  /**
   * Codes as images.
   *
   * @param codes one row each
   * @throws {Refusal} 404 where the run's codes cannot be drawn, 400 for codes of another length
   */
  async decode(codes: Matrix): Promise<ImageSet> {
    const drawing = await this.drawing();
    const { toImages } = this.stages.features;
    if (drawing.by === null || !toImages) {
      throw new Refusal(
        404,
        `explorer: a run must have a decoder to draw codes; got none. ${drawing.by === null ? drawing.reason : ""}`,
      );
    }
    if (codes.cols !== drawing.codeSize) {
      throw new Refusal(400, `explorer: code must have ${drawing.codeSize} numbers; got ${codes.cols}.`);
    }
    const chain = await this.chain();
    return toImages(chain.features, codes, chain.shape, await this.context());
  }

  /** The codes that lie at places of the plane, one row each. */
  async codesAt(places: readonly (readonly number[])[]): Promise<Matrix<Float64Array>> {
    const plane = await this.plane();
    const cols = plane.mean.length;
    const data = new Float64Array(places.length * cols);
    places.forEach((place, i) => {
      data.set(codeAt(plane, place).data, i * cols);
    });
    return { rows: places.length, cols, data };
  }

  /** What the clusterer sees of one image. */
  async codeOf(index: number): Promise<readonly number[]> {
    const placed = await this.input.images.one(index);
    const one = takeImages(placed.images, [placed.index]);
    const chain = await this.chain();
    return Array.from(floatsOf(await chainFeatures(chain, one, await this.context())).data);
  }

  /** The center that the run found for one of its clusters. */
  async centerCode(cluster: number): Promise<readonly number[]> {
    const chain = await this.chain();
    return Array.from(row(this.stages.clusterer.centers(chain.clusterer), cluster));
  }

  /** The mean of what the clusterer saw of some images. */
  async meanCode(members: Int32Array): Promise<readonly number[]> {
    const samples = await this.features().result;
    return Array.from(groupMeans(takeRows(samples, members), new Int32Array(members.length), 1).data);
  }

  /** Where a code lies in the plane. */
  async placeOf(code: readonly number[]): Promise<readonly number[]> {
    return placeOf(await this.plane(), code);
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
