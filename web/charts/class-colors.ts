// Okabe and Ito's eight colours (https://jfly.uni-koeln.de/color/), told apart with any colour vision. A class keeps its
// number everywhere, so it keeps its colour everywhere. From the ninth class on they come again with a stripe, and the
// name always stands beside: colour never speaks alone. The colours themselves are in styles/colors.css, where the dark
// theme swaps black for white.

export const CLASS_COLOR_COUNT = 8;

/** CSS class that sets --class-color. */
export function classColor(index: number): string {
  const position = Math.abs(Math.trunc(index)) % (CLASS_COLOR_COUNT * 2);
  return position < CLASS_COLOR_COUNT
    ? `class-color-${position}`
    : `class-color-${position - CLASS_COLOR_COUNT} class-color-striped`;
}
