import { useElementWidth } from './element-width.ts';
import { formatPercent } from './format.ts';
import { linearScale } from './scales.ts';

/** A share with the interval it may really lie in, beside what guessing would give, on one line from 0 to 100 %. */
export function IntervalGauge(props: { label: string; value: number; low: number; high: number; chance: number }) {
  const { ref, width } = useElementWidth<HTMLDivElement>(480);
  const x = linearScale([0, 1], [12, Math.max(60, width - 12)]);
  const { value, low, high, chance } = props;
  const label = `${props.label}: ${formatPercent(value)}, between ${formatPercent(low)} and ${formatPercent(high)}; guessing gives ${formatPercent(chance)}`;
  const at = (share: number) => x(Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0);
  return (
    <div ref={ref} class="chart-paper gauge">
      <svg width={width} height={72} role="img" aria-label={label}>
        <line class="gauge-track" x1={x(0)} x2={x(1)} y1={28} y2={28} />
        <line class="gauge-fill" x1={x(0)} x2={at(value)} y1={28} y2={28} />
        <line class="gauge-interval" x1={at(low)} x2={at(high)} y1={28} y2={28} />
        <circle class="gauge-value" cx={at(value)} cy={28} r={9} />
        <line class="gauge-chance" x1={at(chance)} x2={at(chance)} y1={14} y2={42} />
        <text class="axis-text" x={x(0)} y={62}>
          0 %
        </text>
        <text
          class="axis-text"
          x={at(chance)}
          y={10}
          text-anchor={at(chance) > width - 48 ? 'end' : at(chance) < 48 ? 'start' : 'middle'}
        >
          guessing
        </text>
        <text class="axis-text" x={x(1)} y={62} text-anchor="end">
          100 %
        </text>
      </svg>
    </div>
  );
}
