export { pixels } from "./pixels.ts";
