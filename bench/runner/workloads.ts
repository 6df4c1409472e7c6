// What is measured, and who takes part.
import { mobilenetV2 } from '../peer/mobilenet-v2.ts';
import { classesOf, sizeOf } from '../page/contestant.ts';
import { networkFlops, placeLayers } from '../page/placed-layers.ts';

export type Unit = 'images/s' | 'ms' | 'GFLOP/s';

export interface Workload {
  name: string;
  title: string;
  unit: Unit;
  /** Floating-point operations of one picture or product, counted directly. */
  flops: number;
}

export interface Entrant {
  name: string;
  library: 'sortlab' | 'tfjs' | 'onnxruntime' | 'onnxruntime-training';
  threads: number;
  module: string;
  opts: { [option: string]: unknown };
}

const titles: [string, string, Unit][] = [
  ['W1', "train the notebook's network, 224 px, batch 32", 'images/s'],
  ['W1s', "train the notebook's network, 96 px, batch 32", 'images/s'],
  ['W2', "classify with the notebook's network, 224 px, one picture", 'ms'],
  ['W3', 'classify with MobileNetV2 1.0, 224 px, one picture, BatchNorm folded', 'ms'],
  ['W4', 'product of two 1024 x 1024 matrices', 'GFLOP/s'],
];
export const workloadNames = titles.map(([name]) => name);

/** The architectures that the contestants build, by the names under which the pages ask for them. */
export type Architectures = { notebook: string; mobilenet_v2: string };

interface PresetModule {
  presetArchitecture(name: string): string;
}

/** The notebook's network is the engine's own preset, asked of the built module. */
export async function readArchitectures(benchModule: string): Promise<Architectures> {
  const { default: factory } = (await import(benchModule)) as { default: () => Promise<PresetModule> };
  return { notebook: (await factory()).presetArchitecture('notebook'), mobilenet_v2: mobilenetV2() };
}

export function workloads({ notebook, mobilenet_v2 }: Architectures): Workload[] {
  return titles.map(([name, title, unit]) => {
    const architecture = name === 'W3' ? mobilenet_v2 : notebook;
    const layers = placeLayers(architecture, sizeOf(name), classesOf(name));
    const flops = name === 'W4' ? 2 * 1024 ** 3 : networkFlops(layers, unit === 'images/s');
    return { name, title, unit, flops };
  });
}

/** Milliseconds of one picture or product in the workload's unit. */
export function scoreOf({ unit, flops }: Workload, ms: number): number {
  if (unit === 'images/s') return 1000 / ms;
  return unit === 'ms' ? ms : flops / ms / 1e6;
}

/** How many times faster `score` is than `other`. */
export const speedRatio = ({ unit }: Workload, score: number, other: number): number =>
  unit === 'ms' ? other / score : score / other;

const engine = (variant: 'relaxed' | 'simd', threads: number, worker = false): Entrant => ({
  name: `sortlab ${variant}${worker ? ' in a worker' : ''}, ${threads}t`,
  library: 'sortlab',
  threads,
  module: '/peer.mjs',
  opts: { engine: variant, threads, worker },
});
const peer = (library: Exclude<Entrant['library'], 'sortlab'>, label: string, threads: number): Entrant => ({
  name: `${label}, ${threads}t`,
  library,
  threads,
  module: `/${library}.mjs`,
  opts: { threads },
});

/**
 * Only an old onnxruntime-web trains: the wasm backend of TensorFlow.js lacks a convolution's gradients, and onnxruntime-web
 * dropped them after 1.19.
 */
export function entrantsOf({ unit }: Workload): Entrant[] {
  const engines = [engine('relaxed', 1), engine('relaxed', 2), engine('simd', 1), engine('simd', 2)];
  // Where a call is short, what the messages to a worker cost is seen.
  if (unit === 'ms') engines.push(engine('relaxed', 1, true), engine('relaxed', 2, true));
  const peers = [1, 2].flatMap((threads) =>
    unit === 'images/s'
      ? [peer('onnxruntime-training', 'onnxruntime-web 1.19 training', threads)]
      : [peer('tfjs', 'tfjs wasm', threads), peer('onnxruntime', 'onnxruntime-web', threads)],
  );
  return [...engines, ...peers];
}
