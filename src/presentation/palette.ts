/** A colour on a light and on a dark page, as `#rrggbb`. */
export type ColourPair = readonly [light: string, dark: string];

/**
 * Colours of clusters and classes, by their number. The first nine are Paul Tol's "muted" scheme, told apart with every common
 * colour blindness; the dark ones are lightened on a dark page.
 */
export const groupColours: readonly ColourPair[] = [
  ["#4477aa", "#6f9fd0"],
  ["#cc6677", "#d97b8b"],
  ["#ddcc77", "#ddcc77"],
  ["#117733", "#3a9a5b"],
  ["#88ccee", "#88ccee"],
  ["#882255", "#b24d80"],
  ["#44aa99", "#44aa99"],
  ["#999933", "#a9a94a"],
  ["#aa4499", "#c06bb2"],
  ["#e07b39", "#ee9a5f"],
  ["#5b4bb3", "#8f83e0"],
  ["#6b4a2f", "#a98463"],
];

/** Colour of what belongs to none, or to more groups than there are colours. */
export const noGroupColour: ColourPair = ["#b6bcc3", "#5c646d"];

/** Background of what is set apart from the page: empty cells of a matrix, boxes. */
export const washColour: ColourPair = ["#f5f6f8", "#1d2126"];

/** Colour of the fullest cell of a matrix. */
export const cellColour: ColourPair = ["#174a86", "#3272c2"];
