export * from "./assign";
export * from "./centers";
export * from "./elkan";
export * from "./mixture";
export { packStaged, weighStaged } from "./packed";
export * from "./samples";
export { scatterImages } from "./scattering";
export * from "./silhouette";
export * from "./yinyang";
