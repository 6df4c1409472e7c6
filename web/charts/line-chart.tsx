import { useState } from 'preact/hooks';
import { ChartFrame } from './chart-frame.tsx';
import { useElementWidth } from './element-width.ts';
import { linePath, type Point } from './line-path.ts';
import { domainOf, linearScale, ticksOf, wholeTicksOf, type Domain } from './scales.ts';

export interface Series {
  name: string;
  /** Tells the lines apart without colour too: solid or dashed. */
  look: 'first' | 'second';
  /** values[0] belongs to x = 1. */
  values: number[];
  /** A point under way, not yet in `values`. */
  running?: Point;
}

export interface LineChartProps {
  title: string;
  xLabel: string;
  yLabel: string;
  series: Series[];
  /** Reserved length of the x axis, so that nothing moves as the lines grow. */
  xMax: number;
  format: (value: number) => string;
  yDomain?: Domain;
  /** x of a point worth marking, and what it is. */
  mark?: { x: number; label: string };
}

const HEIGHT = 280;
const MARGIN = { top: 40, right: 16, bottom: 44, left: 56 };

export function LineChart(props: LineChartProps) {
  const { ref, width } = useElementWidth<HTMLDivElement>(560);
  const [pointed, setPointed] = useState<number | null>(null);
  const { series, format, mark } = props;
  const inner = {
    width: Math.max(80, width - MARGIN.left - MARGIN.right),
    height: HEIGHT - MARGIN.top - MARGIN.bottom,
  };
  const xDomain: Domain = [1, Math.max(2, props.xMax)];
  const all = series.flatMap((one) => (one.running ? [...one.values, one.running.y] : one.values));
  const yDomain = props.yDomain ?? domainOf(all, { includeZero: true, min: 0 });
  const x = linearScale(xDomain, [0, inner.width]);
  const y = linearScale(yDomain, [inner.height, 0]);
  const epochs = Math.max(0, ...series.map((one) => one.values.length));
  const shown = pointed !== null && pointed >= 1 && pointed <= epochs ? pointed : epochs;
  const follow = (event: PointerEvent) => {
    const left = (event.currentTarget as SVGElement).getBoundingClientRect().left;
    setPointed(Math.round(x.invert(event.clientX - left - MARGIN.left)));
  };
  return (
    <ChartFrame title={props.title} table={tableOf(props, epochs)} note={<Legend {...props} at={shown} />}>
      <div ref={ref} class="chart-paper line-chart-paper">
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={summary(props, epochs)}
          onPointerMove={follow}
          onPointerLeave={() => setPointed(null)}
        >
          <g transform={`translate(${MARGIN.left} ${MARGIN.top})`}>
            {ticksOf(yDomain, 4).map((tick) => (
              <g key={`y${tick}`} transform={`translate(0 ${y(tick)})`}>
                <line class="grid-line" x2={inner.width} />
                <text class="axis-text" x={-8} text-anchor="end" dominant-baseline="central">
                  {format(tick)}
                </text>
              </g>
            ))}
            {wholeTicksOf(xDomain, Math.floor(inner.width / 56)).map((tick) => (
              <text key={`x${tick}`} class="axis-text" x={x(tick)} y={inner.height + 20} text-anchor="middle">
                {tick}
              </text>
            ))}
            <text class="axis-text" x={inner.width} y={inner.height + 38} text-anchor="end">
              {props.xLabel}
            </text>
            {shown > 0 && (
              <text class="axis-text" x={-MARGIN.left} y={inner.height + 38}>
                {`values at ${props.xLabel} ${shown}`}
              </text>
            )}
            <text class="axis-text" x={-MARGIN.left} y={-28}>
              {props.yLabel}
            </text>
            {mark && <Mark x={x(mark.x)} height={inner.height} width={inner.width} label={mark.label} />}
            {pointed !== null && epochs > 0 && (
              <line class="pointer-line" x1={x(shown)} x2={x(shown)} y1={0} y2={inner.height} />
            )}
            {series.map((one) => (
              <SeriesLine key={one.name} series={one} x={x} y={y} at={epochs > 0 ? shown : null} />
            ))}
          </g>
        </svg>
      </div>
    </ChartFrame>
  );
}

type Scale = (value: number) => number;

function SeriesLine({ series, x, y, at }: { series: Series; x: Scale; y: Scale; at: number | null }) {
  const points = series.values.map((value, index) => ({ x: index + 1, y: value }));
  const last = points.at(-1);
  const { running } = series;
  const current = at === null ? undefined : points[at - 1];
  return (
    <g class={`series series-${series.look}`}>
      <path class="series-line" d={linePath(points, x, y)} />
      {running && last && <path class="series-line series-running" d={linePath([last, running], x, y)} />}
      {running && Number.isFinite(running.y) && <circle class="series-dot" cx={x(running.x)} cy={y(running.y)} r={3} />}
      {current && Number.isFinite(current.y) && <circle class="series-dot" cx={x(current.x)} cy={y(current.y)} r={4} />}
    </g>
  );
}

function Mark(props: { x: number; height: number; width: number; label: string }) {
  const side = props.x > props.width / 2 ? 'end' : 'start';
  return (
    <g class="chart-mark" transform={`translate(${props.x} 0)`}>
      <line y1={0} y2={props.height} />
      <text x={side === 'end' ? -6 : 6} y={-8} text-anchor={side}>
        {props.label}
      </text>
    </g>
  );
}

/** Which line is which, with the values of the newest or pointed-at epoch; its place is there from the start. */
function Legend(props: LineChartProps & { at: number }) {
  return (
    <ul class="legend">
      {props.series.map((one) => (
        <li key={one.name} class={`series-${one.look}`}>
          <svg width="24" height="8" aria-hidden="true">
            <line class="series-line" x1="0" x2="24" y1="4" y2="4" />
          </svg>
          <span>{one.name}</span>
          <strong class="tabular">{props.at > 0 ? props.format(one.values[props.at - 1] ?? NaN) : '–'}</strong>
        </li>
      ))}
    </ul>
  );
}

function tableOf(props: LineChartProps, epochs: number) {
  return {
    columns: [props.xLabel, ...props.series.map((one) => one.name)],
    rows: Array.from({ length: epochs }, (_, index) => [
      index + 1,
      ...props.series.map((one) => props.format(one.values[index] ?? NaN)),
    ]),
  };
}

function summary(props: LineChartProps, epochs: number): string {
  if (epochs === 0) return `${props.title}: no ${props.xLabel} complete yet`;
  const ends = props.series.map((one) => `${one.name} ${props.format(one.values[epochs - 1] ?? NaN)}`);
  return `${props.title}, ${props.xLabel} ${epochs}: ${ends.join(', ')}`;
}
