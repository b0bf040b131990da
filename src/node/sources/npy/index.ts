export { openNpy } from "./open-npy.ts";
export { openNpz } from "./open-npz.ts";
