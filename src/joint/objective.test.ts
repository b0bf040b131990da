import { expect, test } from "vitest";
import { type AutoencoderModel, encode, fit, reconstructionErrors } from "../features/autoencoder/index.ts";
import { constant, type StateTensor, type Tensor } from "../neural/index.ts";
import { checkGradients } from "../neural/testing/check-gradients.ts";
import { evaluate, type Given, given, randomNumbers } from "../neural/testing/evaluate.ts";
import { describeNative } from "../neural/testing/runtimes.ts";
import { createRandom } from "../random/index.ts";
import { checkJointOptions } from "./index.ts";
import { clusteringLoss, jointProgram } from "./objective.ts";
import { corners } from "./testing/corners.ts";
import { plainAssignments, plainDivergence, plainTargets } from "./testing/plain.ts";

const [n, k, size] = [5, 3, 2];
const random = createRandom(3).stream("objective");
const table = (rows: number, cols: number): number[][] =>
  Array.from({ length: rows }, () => randomNumbers(random, cols));

describeNative("the loss of joint training", (runtime) => {
  const value = async (loss: Tensor, inputs: readonly Given[]): Promise<number> =>
    Number((await evaluate(runtime(), [loss], inputs))[0].data[0]);

  test("is the divergence of the formulas in plain numbers", async () => {
    const [codes, centers] = [table(n, size), table(k, size)];
    const q = plainAssignments(codes, centers);
    const p = plainTargets(q);
    p[0] = [1, 0, 0]; // a target that is 0 counts nothing
    const inputs = [
      given("codes", ["batch", size], codes.flat(), { sizes: { batch: n } }),
      given("centers", [k, size], centers.flat()),
      given("targets", ["batch", k], p.flat(), { sizes: { batch: n } }),
    ];
    const [z, m, targets] = inputs.map(({ tensor }) => tensor);
    expect(await value(clusteringLoss(z, m, targets), inputs)).toBeCloseTo(plainDivergence(p, q), 13);
  });

  test("has the gradients of its differences, by codes and by centers", async () => {
    const fixed = plainTargets(table(n, k).map((row) => row.map(Math.abs))).flat();
    const targets = constant("float64", [n, k], Float64Array.from(fixed));
    await checkGradients(runtime(), (codes, centers) => clusteringLoss(codes, centers, targets), [
      [n, size],
      [k, size],
    ]);
  });

  const images = corners(12);
  const trained = async (): Promise<AutoencoderModel> =>
    fit(
      images,
      { architecture: "deep-ae", network: { widths: [6], codeSize: size, epochs: 1, batch: 4 } },
      { runtime: runtime() },
    );

  test.each([
    ["dec", {}],
    ["idec", { gamma: 0.1 }],
    ["idec", { gamma: 0.7 }],
  ] as const)("of %s %o adds what it should", async (method, more) => {
    const model = await trained();
    const settings = checkJointOptions({ method, nClusters: k, ...more }, images);
    const program = jointProgram(model, settings);
    const centers = table(k, size);
    const targets = plainTargets(table(images.count, k).map((row) => row.map(Math.abs)));
    const codes = await encode(model, images, { runtime: runtime() });
    const rows = Array.from({ length: codes.rows }, (_, i) => [
      ...codes.data.subarray(i * size, (i + 1) * size),
    ]);
    const errors = await reconstructionErrors(model, images, { runtime: runtime() });
    const clustering = plainDivergence(targets, plainAssignments(rows, centers));
    const reconstruction = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const wanted = method === "dec" ? clustering : reconstruction + settings.gamma * clustering;

    const options = { type: "float32", sizes: { batch: images.count } } as const;
    const pixels = Array.from(images.pixels, (byte) => byte / 255);
    const inputs = [
      given("x", ["batch", 36], pixels, options),
      given("targets", ["batch", k], targets.flat(), options),
      ...program.parameters.map(({ name, shape }) => {
        const own = model.parameters[name] as StateTensor | undefined;
        return given(name, shape, own ? Array.from(own.data) : centers.flat(), options);
      }),
    ];
    const [x, p, ...parameters] = inputs.map(({ tensor }) => tensor);
    const loss = program.objective(x, parameters, undefined, [p]);
    // Single precision.
    expect(Math.abs((await value(loss, inputs)) / wanted - 1)).toBeLessThan(1e-5);
  });

  test("dec trains encoder and centers, idec the decoder too", async () => {
    const model = await trained();
    const names = (method: "dec" | "idec"): string[] =>
      jointProgram(model, checkJointOptions({ method, nClusters: k }, images)).parameters.map(
        ({ name }) => name,
      );
    const both = (network: string, layers: readonly number[]): string[] =>
      layers.flatMap((i) => [`${network}.${i}.weights`, `${network}.${i}.bias`]);
    expect(names("dec")).toEqual([...both("encoder", [0, 1]), "clusters.centers"]);
    expect(names("idec")).toEqual([
      ...both("encoder", [0, 1]),
      ...both("decoder", [0, 1]),
      "clusters.centers",
    ]);
  });
});
