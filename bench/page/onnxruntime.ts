// onnxruntime-web as a contestant, on its wasm backend. It has had no training since 1.19.
import { random } from '../peer/lesson.ts';
import type { Job } from './contestant.ts';
import { classesOf, sizeOf } from './contestant.ts';

interface Tensor {
  data: Float32Array;
  dispose(): void;
}
interface Ort {
  env: { wasm: { numThreads: number; wasmPaths: string }; versions: { web?: string } };
  Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => Tensor;
  InferenceSession: {
    create(
      url: string,
      options: { executionProviders: string[]; graphOptimizationLevel: 'all' },
    ): Promise<{ run(feeds: { [name: string]: Tensor }): Promise<{ y: Tensor }> }>;
  };
}

const folder = '/packages/onnxruntime-web/dist/';

export async function setup(workload: string, { threads }: { threads: number }): Promise<Job> {
  const ort = (await import(/* @vite-ignore */ `${folder}ort.wasm.min.mjs`)) as Ort;
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = folder;
  const session = await ort.InferenceSession.create(`/models/${workload}.onnx`, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const tensor = (dims: number[]) => new ort.Tensor('float32', random(dims.reduce((a, b) => a * b)), dims);
  const size = sizeOf(workload);
  const feeds: { [name: string]: Tensor } =
    workload === 'W4' ? { a: tensor([1024, 1024]), b: tensor([1024, 1024]) } : { x: tensor([1, 3, size, size]) };
  const call = async () => {
    const { y } = await session.run(feeds);
    if (workload !== 'W4' && y.data.length !== classesOf(workload)) throw new Error('not one score a class');
    if (!Number.isFinite(y.data[0])) throw new Error('a result is not finite');
    y.dispose();
  };
  return { call, items: 1, info: { version: ort.env.versions.web, threads: ort.env.wasm.numThreads } };
}
