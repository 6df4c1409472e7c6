import { line } from 'd3-shape';

export interface Point {
  x: number;
  y: number;
}

/** SVG path through the finite points; a NaN breaks the line instead of drawing it to nowhere. '' where there are none. */
export function linePath(points: Point[], x: (value: number) => number, y: (value: number) => number): string {
  const draw = line<Point>()
    .defined((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
    .x((point) => round(x(point.x)))
    .y((point) => round(y(point.y)));
  return draw(points) ?? '';
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
