/**
 * How each digit is written, as the points that the pen passes through.
 *
 * Coordinates are "x,y" with x to the right and y downwards; a digit is about 100 high and as wide as it happens to
 * be (size and place are settled later). The pen moves along a smooth curve through the points of a stroke, from the
 * first to the last, and turns sharply at a point marked with `*`. Each string is one stroke; between two strokes
 * the pen is lifted.
 */

/** One way of writing a digit. */
export interface Skeleton {
  /** How often it is chosen, relative to the other ways of writing the same digit. */
  readonly weight: number;
  readonly strokes: readonly string[];
}

/** `skeletons[c]` holds the ways of writing class `c`. */
export const skeletons: readonly (readonly Skeleton[])[] = [
  // 0: closed; ends crossing at the top; open at the top
  [
    { weight: 6, strokes: ["40,1 20,6 5,26 0,54 9,84 30,99 52,89 66,62 66,32 54,9 37,1"] },
    { weight: 3, strokes: ["50,2 26,4 7,28 1,60 13,91 36,99 57,82 67,52 63,22 46,5 28,9"] },
    { weight: 2, strokes: ["30,3 12,20 1,50 6,82 27,99 50,90 65,64 66,32 55,8 42,2"] },
  ],
  // 1: plain; with a flag; with flag and foot
  [
    { weight: 8, strokes: ["10,0 11,50 10,100"] },
    { weight: 2, strokes: ["0,22 20,0* 20,50 19,100"] },
    { weight: 1, strokes: ["2,20 24,0* 24,50 23,100", "0,100 46,99"] },
  ],
  // 2: angular foot; loop at the foot; like a Z; swan's neck
  [
    { weight: 4, strokes: ["4,22 14,6 34,0 54,8 60,28 48,52 26,76 4,98* 34,97 68,95"] },
    { weight: 3, strokes: ["6,18 22,2 44,2 56,20 50,46 32,74 14,93 2,90 7,78 24,81 44,95 68,92"] },
    { weight: 2, strokes: ["2,9 28,1 54,5 53,28 30,62 0,98* 32,96 68,98"] },
    { weight: 2, strokes: ["8,26 18,6 40,0 58,12 56,36 36,64 8,94 26,92 44,97 66,98"] },
  ],
  // 3: two bowls meeting in a corner; meeting in a small loop; flat top
  [
    { weight: 5, strokes: ["6,12 24,0 46,4 55,22 44,40 24,46* 48,52 61,72 50,93 26,100 2,90"] },
    { weight: 3, strokes: ["4,10 26,0 48,7 51,26 36,43 23,49 22,43 36,45 55,58 59,80 40,98 14,98 0,88"] },
    { weight: 1, strokes: ["4,3 28,2 54,2* 28,41* 50,49 60,72 46,95 20,100 2,88"] },
  ],
  // 4: open with a rounded corner; open and angular; closed at the top; like an open 9
  [
    { weight: 4, strokes: ["14,2 6,28 2,50 12,57 36,54 62,50", "54,6 50,50 45,100"] },
    { weight: 3, strokes: ["8,0 4,28 0,56* 32,56 66,53", "52,4 50,52 46,100"] },
    { weight: 2, strokes: ["46,0 22,34 0,64* 34,63 68,61", "46,0 46,50 44,100"] },
    { weight: 2, strokes: ["8,2 2,28 8,46 26,49 44,40 54,22", "58,0 55,44 49,100"] },
  ],
  // 5: roof drawn apart; in one stroke; like an S
  [
    { weight: 4, strokes: ["14,3 11,22 8,43* 28,37 51,46 58,67 47,90 24,100 0,93", "14,3 36,3 60,0"] },
    { weight: 3, strokes: ["60,1 38,3 15,4* 12,24 8,45* 32,38 55,52 55,80 32,98 2,94"] },
    { weight: 2, strokes: ["62,3 36,3 19,10 15,30 32,44 51,58 50,83 28,98 0,93"] },
  ],
  // 6: bowl closing at the stem; curling inwards; straight stem
  [
    { weight: 4, strokes: ["44,0 24,18 7,46 2,74 14,96 35,98 51,82 47,62 29,55 11,66 5,80"] },
    { weight: 3, strokes: ["52,1 28,14 8,44 4,76 20,98 43,96 57,78 49,60 30,59 17,72 19,86"] },
    { weight: 2, strokes: ["20,0 9,34 2,68 11,94 34,100 54,85 52,65 34,57 15,66 6,82"] },
  ],
  // 7: plain; with a bar; rounded shoulder; with a serif
  [
    { weight: 5, strokes: ["0,7 28,5 60,2* 44,46 30,100"] },
    { weight: 2, strokes: ["0,7 28,5 60,2* 44,46 30,100", "18,54 38,52 60,49"] },
    { weight: 3, strokes: ["2,14 20,4 44,2 57,14 50,46 40,100"] },
    { weight: 1, strokes: ["2,22 6,5* 34,5 62,2* 46,48 36,100"] },
  ],
  // 8: begun like an S; two circles; open at the top right
  [
    { weight: 5, strokes: ["53,14 36,0 15,5 9,23 28,43 51,61 55,83 34,100 11,93 8,73 26,52 47,33 54,12"] },
    { weight: 2, strokes: ["32,46 13,36 9,14 29,0 49,9 51,30 32,46 9,61 4,83 28,100 53,91 57,67 34,47"] },
    { weight: 2, strokes: ["59,8 38,1 16,9 16,29 38,49 52,70 42,95 20,98 8,81 20,57 44,34 62,16"] },
  ],
  // 9: straight stem; curled stem; slanted stem; stem drawn apart
  [
    { weight: 4, strokes: ["53,13 34,0 11,9 4,31 19,46 41,37 53,13* 52,54 48,100"] },
    { weight: 2, strokes: ["53,16 34,0 10,8 2,30 18,45 40,39 54,18 57,48 49,82 28,100 6,93"] },
    { weight: 3, strokes: ["50,10 27,1 5,17 6,39 26,44 46,25 54,7* 45,52 30,100"] },
    { weight: 1, strokes: ["50,6 25,0 4,17 9,41 32,41 51,24", "55,2 52,50 47,100"] },
  ],
];
