import { fitStrokes } from "./fit.js";

globalThis.fitted = fitStrokes();
