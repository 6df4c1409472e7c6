import { ChartFrame } from './chart-frame.tsx';
import { classColor } from './class-colors.ts';
import { useElementWidth } from './element-width.ts';
import { formatCount } from './format.ts';
import { domainOf, linearScale, wholeTicksOf } from './scales.ts';

export interface Bar {
  name: string;
  value: number;
}

/** Rough width of a letter in px; SVG cannot lay text out before it is drawn. */
const LETTER = 9;
const ROW = 40;
const BAR = 24;
const AXIS = 40;

/** Lying bars, one a class: names stay readable at any width and the chart grows downwards. */
export function BarChart(props: { title: string; unit: string; bars: Bar[]; average?: number }) {
  const { ref, width } = useElementWidth<HTMLDivElement>(640);
  const { bars } = props;
  const longest = Math.max(0, ...bars.map((bar) => bar.name.length));
  const labelWidth = Math.max(56, Math.min(width * 0.3, longest * LETTER + 16));
  const valueWidth = 56;
  const domain = domainOf(
    bars.map((bar) => bar.value),
    { includeZero: true, min: 0 },
  );
  const x = linearScale(domain, [0, Math.max(40, width - labelWidth - valueWidth)]);
  const height = bars.length * ROW + AXIS;
  const ticks = wholeTicksOf(domain, Math.max(2, Math.floor(width / 140)));
  const table = { columns: ['Class', props.unit], rows: bars.map((bar) => [bar.name, formatCount(bar.value)]) };
  return (
    <ChartFrame title={props.title} table={table}>
      <div ref={ref} class="chart-paper">
        <svg width={width} height={height} role="img" aria-label={summary(props.title, bars)} class="bar-chart">
          <g transform={`translate(${labelWidth} 0)`}>
            {ticks.map((tick) => (
              <g key={tick} transform={`translate(${x(tick)} 0)`}>
                <line class="grid-line" y1={0} y2={height - AXIS} />
                <text class="axis-text" y={height - AXIS + 16} text-anchor="middle">
                  {formatCount(tick)}
                </text>
              </g>
            ))}
            <text class="axis-text" x={x.range()[1]} y={height - 4} text-anchor="end">
              {props.unit}
            </text>
          </g>
          {bars.map((bar, index) => {
            const length = Number.isFinite(bar.value) ? Math.max(2, x(bar.value)) : 0;
            const middle = index * ROW + ROW / 2;
            return (
              <g key={bar.name}>
                <ClippedLabel text={bar.name} x={labelWidth - 12} y={middle} width={labelWidth - 12} />
                <rect
                  class={`bar ${classColor(index)}`}
                  x={labelWidth}
                  y={middle - BAR / 2}
                  width={length}
                  height={BAR}
                  rx={4}
                />
                <text class="bar-value" x={labelWidth + length + 8} y={middle} dominant-baseline="central">
                  {formatCount(bar.value)}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
    </ChartFrame>
  );
}

/** SVG text does not wrap or shorten by itself; the full name stays in the table and the title. */
function ClippedLabel(props: { text: string; x: number; y: number; width: number }) {
  const letters = Math.max(4, Math.floor(props.width / LETTER));
  const short = props.text.length > letters ? `${props.text.slice(0, letters - 1)}…` : props.text;
  return (
    <text class="bar-label" x={props.x} y={props.y} text-anchor="end" dominant-baseline="central">
      {short !== props.text && <title>{props.text}</title>}
      {short}
    </text>
  );
}

function summary(title: string, bars: Bar[]): string {
  return `${title}: ${bars.map((bar) => `${bar.name} ${formatCount(bar.value)}`).join(', ')}`;
}
