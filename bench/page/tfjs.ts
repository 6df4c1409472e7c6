// TensorFlow.js as a contestant, on its wasm backend. The networks run as a converted model does: fused operations.
import { random } from '../peer/lesson.ts';
import type { Job } from './contestant.ts';
import { architectureOf, classesOf, sizeOf } from './contestant.ts';
import { placeLayers } from './placed-layers.ts';
import type { PlacedLayer } from './placed-layers.ts';

interface Tensor {
  data(): Promise<Float32Array>;
  dispose(): void;
}
interface Fused {
  x: Tensor;
  filter: Tensor;
  strides: number;
  pad: 'same';
  bias: Tensor;
  activation: string;
}
interface Tf {
  version: { tfjs: string };
  wasm: { setWasmPaths(folder: string): void; setThreadsCount(count: number): void; getThreadsCount(): number };
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy(work: () => Tensor): Tensor;
  tensor(values: Float32Array, shape: number[]): Tensor;
  randomNormal(shape: number[], mean: number, deviation: number): Tensor;
  reshape(x: Tensor, shape: number[]): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  mean(x: Tensor, axes: number[]): Tensor;
  softmax(x: Tensor): Tensor;
  maxPool(x: Tensor, size: number, stride: number, padding: 'valid'): Tensor;
  fused: {
    conv2d(options: Fused): Tensor;
    depthwiseConv2d(options: Fused): Tensor;
    matMul(options: { a: Tensor; b: Tensor; bias: Tensor; activation: string }): Tensor;
  };
}
declare const tf: Tf;

function load(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${address} could not be loaded`));
    document.head.append(script);
  });
}

type Step = (inputs: Tensor[]) => Tensor;

function stepOf(layer: PlacedLayer): Step {
  const { type, kernelSize: k, stride: strides, activation, input, output } = layer;
  const [cin, cout] = [input[2], output[2]];
  const normal = (shape: number[], fanIn: number) => tf.randomNormal(shape, 0, Math.sqrt(2 / fanIn));
  const bias = () => normal([cout], 100);
  const options = { strides, pad: 'same', activation } as const;
  switch (type) {
    case 'conv2d': {
      const weights = { filter: normal([k, k, cin, cout], k * k * cin), bias: bias() };
      return ([x]) => tf.fused.conv2d({ x: x!, ...weights, ...options });
    }
    case 'depthwise_conv2d': {
      const weights = { filter: normal([k, k, cin, 1], k * k), bias: bias() };
      return ([x]) => tf.fused.depthwiseConv2d({ x: x!, ...weights, ...options });
    }
    case 'dense': {
      const weights = { b: normal([cin, cout], cin), bias: bias() };
      return ([x]) => tf.fused.matMul({ a: x!, ...weights, activation });
    }
    case 'max_pool':
      return ([x]) => tf.maxPool(x!, k, strides, 'valid');
    case 'flatten':
      return ([x]) => tf.reshape(x!, [1, cout]);
    case 'global_average_pool':
      return ([x]) => tf.mean(x!, [1, 2]);
    case 'add':
      return ([a, b]) => tf.add(a!, b!);
    default:
      return ([x]) => x!; // dropout
  }
}

function network(layers: readonly PlacedLayer[]): (picture: Tensor) => Tensor {
  const steps = layers.map((layer) => ({ ...layer, step: stepOf(layer) }));
  return (picture) =>
    tf.tidy(() => {
      const values = new Map([['', picture]]);
      let last = picture;
      for (const { name, from, step } of steps)
        values.set(name, (last = step(from.map((input) => values.get(input)!))));
      return tf.softmax(last);
    });
}

export async function setup(workload: string, { threads }: { threads: number }): Promise<Job> {
  // It takes no more threads than half the cores that it is told of.
  Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * threads });
  await load('/packages/@tensorflow/tfjs/dist/tf.min.js');
  await load('/packages/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js');
  tf.wasm.setWasmPaths('/packages/@tensorflow/tfjs-backend-wasm/wasm-out/');
  tf.wasm.setThreadsCount(threads);
  if (!(await tf.setBackend('wasm'))) throw new Error('the wasm backend did not start');
  await tf.ready();

  const size = sizeOf(workload);
  let run: () => Tensor;
  let count: number;
  if (workload === 'W4') {
    const [a, b] = [tf.tensor(random(1024 ** 2), [1024, 1024]), tf.tensor(random(1024 ** 2), [1024, 1024])];
    [run, count] = [() => tf.matMul(a, b), 1024 ** 2];
  } else {
    const predict = network(placeLayers(await architectureOf(workload), size, classesOf(workload)));
    const picture = tf.tensor(random(size * size * 3), [1, size, size, 3]);
    [run, count] = [() => predict(picture), classesOf(workload)];
  }
  const call = async () => {
    const output = run();
    const values = await output.data();
    output.dispose();
    if (values.length !== count || !Number.isFinite(values[0])) throw new Error('not the result of the workload');
  };
  return { call, items: 1, info: { version: tf.version.tfjs, threads: tf.wasm.getThreadsCount() } };
}
