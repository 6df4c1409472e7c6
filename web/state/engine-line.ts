import type { EngineInfo } from '../shared/engine-types.ts';

/** "Engine relaxed, 2 threads." with why there is one thread only, where that is so. */
export function engineLine(info: EngineInfo | null): string {
  if (!info) return 'Engine starting.';
  const threads = `${info.threads} ${info.threads === 1 ? 'thread' : 'threads'}`;
  return `Engine ${info.engine}, ${threads}.${info.threadsNote === '' ? '' : ` ${info.threadsNote}`}`;
}
