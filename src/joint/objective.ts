/**
 * What joint training makes small. DEC (Xie, Girshick and Farhadi 2016): the divergence of the soft assignments from their
 * targets, L_c = KL(P || Q), mean over images; encoder and centers follow it, the decoder rests. IDEC (Guo, Gao, Liu and
 * Yin 2017): L_r + gamma L_c, where L_r is the autoencoder's own loss, so that the code goes on to describe the images;
 * encoder, decoder and centers follow it. Targets are given from outside and stay fixed between two updates.
 */
import { type AutoencoderModel, designParameters, networkTensors } from "../features/autoencoder/index.ts";
import {
  add,
  atLeast,
  constant,
  createOptimizer,
  exp,
  log,
  mean,
  multiply,
  negate,
  type ParameterSpec,
  reshape,
  type StateTensor,
  scale,
  shift,
  square,
  subtract,
  sum,
  type Tensor,
  type TrainingProgram,
} from "../neural/index.ts";
import type { JointSettings } from "./types.ts";

/** Name of the parameter that holds the centers, nClusters x codeSize. */
export const centersName = "clusters.centers";

/** Name of the table that holds the targets, images x nClusters. */
export const targetsName = "targets";

/** Least probability whose logarithm is taken: a target may be 0 in single precision, and then counts nothing. */
const LEAST = 1e-30;

/**
 * KL(P || Q) of Student-t assignments to their targets, mean over codes.
 *
 * @param code batch x codeSize
 * @param centers nClusters x codeSize
 * @param targets batch x nClusters, rows sum to 1
 */
export function clusteringLoss(code: Tensor, centers: Tensor, targets: Tensor): Tensor {
  const [batch = 1, codeSize = 1] = code.shape;
  const nClusters = Number(centers.shape[0]);
  const apart = subtract(reshape(code, [batch, 1, codeSize]), reshape(centers, [1, nClusters, codeSize]));
  const logKernels = negate(log(shift(sum(square(apart), [2]), 1))); // batch x nClusters
  const logQ = subtract(logKernels, log(sum(exp(logKernels), [1], true)));
  const terms = multiply(targets, subtract(log(atLeast(targets, LEAST)), logQ));
  return scale(mean(terms), nClusters);
}

/** The program of a joint training that starts from a trained autoencoder. */
export function jointProgram(autoencoder: AutoencoderModel, settings: JointSettings): TrainingProgram {
  const { method, nClusters, gamma, optimizer } = settings;
  const { design } = autoencoder.settings;
  const all = designParameters(design);
  const trained = trainedParameters(autoencoder, settings);
  return {
    name: method,
    imageLength: design.encoder.input.height * design.encoder.input.width * design.encoder.input.channels,
    parameters: trained,
    tables: [{ name: targetsName, width: nClusters }],
    optimizer: createOptimizer(optimizer),
    objective(images, parameters, _draws, [targets] = []) {
      const given = new Map(trained.map(({ name }, i) => [name, parameters[i] as Tensor]));
      const network = all.map(({ name, shape }) => {
        const { data } = autoencoder.parameters[name] as StateTensor;
        return given.get(name) ?? constant("float32", shape, data);
      });
      const { code, loss } = networkTensors(autoencoder, images, network);
      const clustering = clusteringLoss(code, given.get(centersName) as Tensor, targets as Tensor);
      return method === "dec" ? clustering : add(loss, scale(clustering, gamma));
    },
  };
}

/** Of DEC, encoder and centers; of IDEC, also the decoder. */
export function trainedParameters(
  autoencoder: AutoencoderModel,
  { method, nClusters }: Pick<JointSettings, "method" | "nClusters">,
): readonly ParameterSpec[] {
  const { design } = autoencoder.settings;
  const network = designParameters(design).filter(
    ({ name }) => method === "idec" || name.startsWith("encoder."),
  );
  const { codeSize } = design;
  const centers: ParameterSpec = {
    name: centersName,
    shape: [nClusters, codeSize],
    fanIn: codeSize,
    fanOut: nClusters,
    role: "weights",
  };
  return [...network, centers];
}
