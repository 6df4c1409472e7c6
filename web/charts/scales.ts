// From numbers to places on the paper. All functions stand any input: nothing, one value, equal values, NaN.
import { extent } from 'd3-array';
import { scaleLinear, type ScaleLinear } from 'd3-scale';

export type Domain = readonly [number, number];

export interface DomainOptions {
  /** Let the axis start at 0 even where all values are far above it. */
  includeZero?: boolean;
  /** Never beyond these. */
  min?: number;
  max?: number;
}

/** Smallest round interval that holds every finite value; [0, 1] where there is none. */
export function domainOf(values: Iterable<number>, options: DomainOptions = {}): Domain {
  const finite = [...values].filter((value) => Number.isFinite(value));
  if (options.includeZero) finite.push(0);
  let [low, high] = extent(finite) as [number | undefined, number | undefined];
  if (low === undefined || high === undefined) [low, high] = [0, 1];
  if (low === high) {
    // A line through one level still needs an axis around it.
    const margin = low === 0 ? 1 : Math.abs(low) / 2;
    if (low === 0) high = margin;
    else if (options.includeZero) [low, high] = [Math.min(0, low), Math.max(0, high)];
    else [low, high] = [low - margin, high + margin];
  }
  const nice = scaleLinear().domain([low, high]).nice(4).domain() as [number, number];
  return [Math.max(nice[0], options.min ?? -Infinity), Math.min(nice[1], options.max ?? Infinity)];
}

export function linearScale(domain: Domain, range: readonly [number, number]): ScaleLinear<number, number> {
  return scaleLinear().domain(domain).range(range);
}

/** Round values inside the domain, about `count` of them. */
export function ticksOf(domain: Domain, count: number): number[] {
  return scaleLinear().domain(domain).ticks(Math.max(1, count));
}

/** Like ticksOf, whole numbers only: epochs and photos do not come in halves. */
export function wholeTicksOf(domain: Domain, count: number): number[] {
  const ticks = ticksOf(domain, count).filter((tick) => Number.isInteger(tick));
  return ticks.length > 0 ? ticks : [Math.round(domain[0])];
}

/** `part` of `total` in [0, 1]; 0 for 0/0 and for NaN. */
export function shareOf(part: number, total: number): number {
  const share = part / total;
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
}

/** One of `levels` steps, 0 for nothing at all; a share above 0 never gets step 0. */
export function levelOf(share: number, levels: number): number {
  if (!Number.isFinite(share) || share <= 0) return 0;
  return Math.min(levels, Math.max(1, Math.ceil(share * levels)));
}
