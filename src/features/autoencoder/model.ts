import type { LayerShape, StateTensor } from "../../neural/index.ts";
import type { AutoencoderSettings } from "./options.ts";
import type { TrainingRecord } from "./records.ts";

/** A trained autoencoder: plain data, safe to clone and to save. */
export interface AutoencoderModel {
  readonly kind: "autoencoder";
  readonly settings: AutoencoderSettings;
  /** Size of the images that it takes. */
  readonly image: LayerShape;
  /** Weights and biases by name, `encoder.0.weights` and so on, and what whitens the code, `whitening.center` and so on. */
  readonly parameters: Readonly<Record<string, StateTensor>>;
  readonly training: TrainingRecord;
}
