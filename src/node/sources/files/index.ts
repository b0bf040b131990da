export { classFolders, limitedItems } from "./class-folders.ts";
export { readFileList } from "./file-list.ts";
export { fileState, filesReader, type ImageFiles } from "./files-reader.ts";
export { isImageName, listImages } from "./list-folder.ts";
export { isGlob, listGlob } from "./list-glob.ts";
