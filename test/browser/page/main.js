import { fitStrokes } from "./fit.js";
import { countOn } from "./networks.js";

globalThis.fitted = fitStrokes();
globalThis.counted = globalThis.fitted.then(() => countOn());
