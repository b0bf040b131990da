export { knee } from "./knee.ts";
