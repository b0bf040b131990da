export { type Archive, type ArchiveEntry, openArchive } from "./archive.ts";
export { openZip } from "./open-zip.ts";
