// The rounds of one workload: every contestant once a round, in turned order every second round (A B B A), each in a fresh
// browser on a machine that has gone quiet.
import { freshVisit, visitAddress } from './browser.ts';
import type { Visit } from './browser.ts';
import { quietCores, waitForQuiet } from './machine.ts';
import { entrantsOf, scoreOf, speedRatio } from './workloads.ts';
import type { Entrant, Workload } from './workloads.ts';

export interface ContestOptions {
  origin: string;
  rounds: number;
  /** Time of the timed calls of a visit. */
  seconds: number;
  /** How long to wait for other programs before each visit. */
  quietSeconds: number;
  /** How often a visit that others disturbed is repeated. */
  retries: number;
  log(line: string): void;
}

export interface Row {
  name: string;
  library: Entrant['library'];
  threads: number;
  error?: string;
  median: number;
  min: number;
  max: number;
  gflops: number;
  /** Against the fastest peer with as many threads, median over rounds; NaN where no peer takes part. */
  timesPeer: number;
  calls: number;
  foreignCores: number;
  info: { [field: string]: unknown };
  scores: number[];
}

export interface ContestResult extends Workload {
  rows: Row[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

interface Played {
  entrant: Entrant;
  visits: Visit[];
  scores: number[];
  error?: string;
}

export async function runContest(workload: Workload, options: ContestOptions): Promise<ContestResult> {
  const played: Played[] = entrantsOf(workload).map((entrant) => ({ entrant, visits: [], scores: [] }));
  for (let round = 0; round < options.rounds; round++) {
    for (const one of round % 2 === 0 ? played : [...played].reverse()) {
      if (one.error !== undefined) continue;
      try {
        const visit = await quietVisit(workload, one.entrant, options);
        const score = scoreOf(workload, median(visit.calls) / visit.items);
        one.visits.push(visit);
        one.scores.push(score);
        options.log(
          `${workload.name} round ${round + 1} ${one.entrant.name}: ${score.toPrecision(4)} ${workload.unit}` +
            ` (${visit.calls.length} calls, others used ${visit.foreignCores.toFixed(2)} cores)`,
        );
      } catch (error) {
        one.error = error instanceof Error ? error.message : String(error);
        options.log(`${workload.name} ${one.entrant.name} failed: ${one.error}`);
      }
    }
  }
  return { ...workload, rows: played.map((one) => rowOf(workload, one, played)) };
}

async function quietVisit(workload: Workload, { module, opts }: Entrant, options: ContestOptions): Promise<Visit> {
  const address = visitAddress(options.origin, { module, opts, workload: workload.name, seconds: options.seconds });
  let best: Visit | undefined;
  for (let attempt = 0; attempt <= options.retries; attempt++) {
    await waitForQuiet(options.quietSeconds);
    const visit = await freshVisit(address);
    if (best === undefined || visit.foreignCores < best.foreignCores) best = visit;
    if (!(best.foreignCores >= quietCores)) break;
  }
  return best!;
}

function rowOf(workload: Workload, { entrant, visits, scores, error }: Played, all: readonly Played[]): Row {
  const { name, library, threads } = entrant;
  const rivals = all.filter(({ entrant: other }) => other.library !== 'sortlab' && other.threads === threads);
  const ratios = scores.flatMap((score, round) => {
    const others = rivals.flatMap((rival) => rival.scores[round] ?? []);
    return others.length > 0 ? [Math.min(...others.map((other) => speedRatio(workload, score, other)))] : [];
  });
  const middle = median(scores);
  return {
    name,
    library,
    threads,
    ...(error === undefined ? {} : { error }),
    median: middle,
    min: Math.min(...scores),
    max: Math.max(...scores),
    gflops: workload.flops / 1e6 / median(visits.map((visit) => median(visit.calls) / visit.items)),
    timesPeer: median(ratios),
    calls: visits.reduce((sum, visit) => sum + visit.calls.length, 0),
    foreignCores: Math.max(...visits.map((visit) => visit.foreignCores)),
    info: visits.at(-1)?.info ?? {},
    scores,
  };
}
