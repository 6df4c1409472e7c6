// The machine: what it is, and how busy others keep it (Linux only; elsewhere nothing is known and nothing waited for).
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  browser: string;
}

export function describeMachine(browser: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    browser,
  };
}

/** Processor time so far, in hundredths of a second. */
export interface CpuClock {
  at: number;
  busy: number;
  own: number;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has just ended
  }
};

/** Time spent by this process and all that it has started. */
function ownTicks(): number {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const folder of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    // Behind the name, which may hold anything: state, parent, ... user time (12th), system time.
    const fields = read(`/proc/${folder}/stat`).split(') ').at(-1)?.split(' ').map(Number) ?? [];
    const [parent, user, system] = [fields[1], fields[11], fields[12]];
    if (parent !== undefined && user !== undefined && system !== undefined)
      processes.set(Number(folder), { parent, ticks: user + system });
  }
  const isOwn = (id: number): boolean => {
    if (id === process.pid) return true;
    const parent = processes.get(id)?.parent ?? 0;
    return parent > 0 && isOwn(parent);
  };
  let sum = 0;
  for (const [id, { ticks }] of processes) if (isOwn(id)) sum += ticks;
  return sum;
}

export function readCpuClock(): CpuClock | undefined {
  if (process.platform !== 'linux') return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = read('/proc/stat')
    .slice(0, 200)
    .split('\n')[0]!
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return { at: performance.now(), busy: user + nice + system + irq + softirq, own: ownTicks() };
}

/** Cores kept busy by other programs since `from`; NaN where it cannot be known. */
export function foreignCores(from: CpuClock | undefined): number {
  const to = readCpuClock();
  if (from === undefined || to === undefined) return NaN;
  return Math.max(0, (to.busy - from.busy - (to.own - from.own)) / ((to.at - from.at) / 10));
}

export const quietCores = 0.1;

/** Waits until other programs leave the processor alone, at most `seconds`. */
export async function waitForQuiet(seconds: number): Promise<void> {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end;) {
    const from = readCpuClock();
    if (from === undefined) return;
    await sleep(1000);
    if (foreignCores(from) < quietCores) return;
  }
}
