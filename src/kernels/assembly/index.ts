export * from "./assign";
export * from "./centers";
export * from "./samples";
export * from "./silhouette";
