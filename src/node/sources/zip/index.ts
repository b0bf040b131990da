export { openZip } from "./open-zip.ts";
