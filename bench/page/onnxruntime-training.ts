// The last training build of onnxruntime-web (1.19) as a contestant, on its wasm backend, with models of
// runner/onnx-training.ts.
import { batch, firstSteps, labelsOfBatch, LossWatch, picturesOfBatch } from '../peer/lesson.ts';
import type { Job } from './contestant.ts';
import { sizeOf } from './contestant.ts';

interface Tensor {
  data: Float32Array;
}
interface Ort {
  env: { wasm: { numThreads: number; wasmPaths: string }; versions: { web?: string } };
  Tensor: {
    new (type: 'float32', data: Float32Array, dims: number[]): Tensor;
    new (type: 'int64', data: BigInt64Array, dims: number[]): Tensor;
  };
  TrainingSession: {
    create(
      files: { checkpointState: string; trainModel: string; optimizerModel: string },
      options: { executionProviders: string[] },
    ): Promise<{
      lazyResetGrad(): Promise<void>;
      runTrainStep(feeds: { [name: string]: Tensor }, fetches: string[]): Promise<{ loss: Tensor }>;
      runOptimizerStep(): Promise<void>;
    }>;
  };
}

const folder = '/packages/onnxruntime-web-training/dist/';

export async function setup(workload: string, { threads }: { threads: number }): Promise<Job> {
  const ort = (await import(/* @vite-ignore */ `${folder}ort.training.wasm.min.mjs`)) as Ort;
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = folder;
  const session = await ort.TrainingSession.create(
    {
      checkpointState: `/models/${workload}.checkpoint`,
      trainModel: `/models/${workload}.training.onnx`,
      optimizerModel: '/models/adam.onnx',
    },
    { executionProviders: ['wasm'] },
  );
  const size = sizeOf(workload);
  const feeds = {
    x: new ort.Tensor('float32', picturesOfBatch(size, size * size), [batch, 3, size, size]),
    label: new ort.Tensor('int64', BigInt64Array.from(labelsOfBatch(), BigInt), [batch]),
  };
  const watch = new LossWatch();
  const call = async () => {
    await session.lazyResetGrad();
    const { loss } = await session.runTrainStep(feeds, ['loss']);
    await session.runOptimizerStep();
    watch.note(loss.data[0]!);
  };
  while (watch.steps < firstSteps) await call();
  const info = { version: ort.env.versions.web, threads: ort.env.wasm.numThreads, losses: watch.losses };
  return { call, items: batch, info };
}
