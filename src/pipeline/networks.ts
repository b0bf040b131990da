import { isArchitecture } from "../features/autoencoder/index.ts";
import type { Method } from "./method.ts";

/** Whether a method's features are those of a network, be it trained here or the user's own. */
export function usesNetwork(method: Method): boolean {
  return method.features.some((word) => word === "onnx" || isArchitecture(word));
}

/** Whether a network is trained for a method's features. */
export function trainsNetwork(method: Method): boolean {
  return method.features.some(isArchitecture);
}
