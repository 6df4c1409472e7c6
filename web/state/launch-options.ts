import type { EngineChoice } from '../shared/engine-types.ts';

export interface LaunchOptions {
  /** What the address asks for; undefined: whatever the settings say. */
  engine: EngineChoice | undefined;
  /** 0: one per core where the page is isolated. */
  threads: number;
}

const MAX_THREADS = 64;

/** `?engine=simd|relaxed|auto&threads=N`; what makes no sense is left out rather than guessed. */
export function launchOptions(search: string): LaunchOptions {
  const params = new URLSearchParams(search);
  const engine = (['auto', 'simd', 'relaxed'] as const).find((choice) => choice === params.get('engine'));
  const threads = Number(params.get('threads') ?? 0);
  const sensible = Number.isInteger(threads) && threads >= 0 && threads <= MAX_THREADS;
  return { engine, threads: sensible ? threads : 0 };
}
