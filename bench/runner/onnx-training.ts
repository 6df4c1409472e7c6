// What the last training build of onnxruntime-web (1.19) wants of a network, which its users make with a Python package:
// a graph of forward and backward pass, one of the optimizer, and a checkpoint of first weights.
//
//    x, label --> forward --> loss           each layer leaves a step on the way back, which takes the gradient of its
//                   |  ^                     output and gives that of its input; they run in reverse order
//                   v  |
//    W_grad   <-- backward <-- 1             the gradient of parameter W is called W_grad
import { writeFileSync } from 'node:fs';
import { classesOf, sizeOf } from '../page/contestant.ts';
import { placeLayers } from '../page/placed-layers.ts';
import type { PlacedLayer } from '../page/placed-layers.ts';
import { batch } from '../peer/lesson.ts';
import { encodeCheckpoint } from './onnx-checkpoint.ts';
import type { Parameter } from './onnx-checkpoint.ts';
import { dataType, encodeModel, GraphWriter, listInfo, onnxruntimeDomain, uniform, valueInfo } from './onnx-graph.ts';
import type { Attribute } from './onnx-graph.ts';
import type { Architectures } from './workloads.ts';

/** From the gradient of a layer's output to that of its input; '' where nobody wants it. */
type StepBack = (gradient: string) => string;

class TrainingGraph extends GraphWriter {
  readonly parameters: Parameter[] = [];
  readonly stepsBack: StepBack[] = [];

  /** An operation of onnxruntime's own. */
  ownNode(opType: string, input: string[], attributes: { [name: string]: Attribute } = {}): string {
    const name = this.newName();
    this.nodeWithOutputs(opType, input, [name], attributes, onnxruntimeDomain);
    return name;
  }

  /** Glorot and Bengio's bounds, as the engine and Keras begin; fans 0: zeros. */
  parameter(name: string, dims: number[], fans: number): string {
    const count = dims.reduce((a, b) => a * b, 1);
    this.parameters.push({ name, dims, data: fans > 0 ? uniform(dims, Math.sqrt(6 / fans)) : new Float32Array(count) });
    return name;
  }

  activated(layer: PlacedLayer, value: string): string {
    if (layer.activation === 'linear') return value;
    if (layer.activation !== 'relu') throw new Error(`no gradient is known for ${layer.activation}`);
    const output = this.node('Relu', [value]);
    this.stepsBack.push((gradient) => this.ownNode('ReluGrad', [gradient, output]));
    return output;
  }

  convolution(layer: PlacedLayer, input: string): string {
    const { name, kernelSize: k, stride, input: inputShape, output: outputShape } = layer;
    const [channels, filters, pad] = [inputShape[2], outputShape[2], k >> 1];
    const weight = this.parameter(`${name}_weight`, [filters, channels, k, k], k * k * (channels + filters));
    const bias = this.parameter(`${name}_bias`, [filters], 0);
    const attributes = {
      kernel_shape: [k, k],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      dilations: [1, 1],
      group: 1,
    };
    const output = this.node('Conv', [input, weight, bias], attributes);
    this.stepsBack.push((gradient) => {
      const inputGradient = input === 'x' ? '' : this.newName();
      const outputs = [inputGradient, `${weight}_grad`, `${bias}_grad`];
      this.nodeWithOutputs('ConvGrad', [gradient, input, weight], outputs, attributes, onnxruntimeDomain);
      return inputGradient;
    });
    return this.activated(layer, output);
  }

  dense(layer: PlacedLayer, input: string): string {
    const [count, units] = [layer.input[2], layer.output[2]];
    const weight = this.parameter(`${layer.name}_weight`, [count, units], count + units);
    const bias = this.parameter(`${layer.name}_bias`, [units], 0);
    const output = this.node('Gemm', [input, weight, bias]);
    this.stepsBack.push((gradient) => {
      this.node('Gemm', [input, gradient], { transA: 1 }, `${weight}_grad`);
      const rows = this.constant([1], BigInt64Array.of(0n), dataType.int64);
      this.node('ReduceSum', [gradient, rows], { keepdims: 0 }, `${bias}_grad`);
      return this.node('Gemm', [gradient, weight], { transB: 1 });
    });
    return this.activated(layer, output);
  }

  maxPool({ kernelSize: k, stride, input: [height, width, channels] }: PlacedLayer, input: string): string {
    const attributes = { kernel_shape: [k, k], strides: [stride, stride] };
    const [output, places] = [this.newName(), this.newName()];
    this.nodeWithOutputs('MaxPool', [input], [output, places], attributes);
    this.stepsBack.push((gradient) => {
      const inputGradient = this.node('MaxPoolGrad', [gradient, places], attributes);
      this.shapes.push(valueInfo(inputGradient, [batch, channels, height, width]));
      return inputGradient;
    });
    return output;
  }

  flatten({ input: [height, width, channels] }: PlacedLayer, input: string): string {
    const shape = this.constant([4], BigInt64Array.from([batch, channels, height, width].map(BigInt)), dataType.int64);
    this.stepsBack.push((gradient) => this.node('Reshape', [gradient, shape]));
    return this.node('Flatten', [input]);
  }

  dropout({ rate }: PlacedLayer, input: string): string {
    const ratio = this.constant([], Float32Array.of(rate));
    const training = this.constant([], Uint8Array.of(1), dataType.bool);
    const [output, mask] = [this.newName(), this.newName()];
    this.nodeWithOutputs('Dropout', [input, ratio, training], [output, mask]);
    this.stepsBack.push((gradient) => this.ownNode('DropoutGrad', [gradient, mask, ratio, training]));
    return output;
  }

  forward(layer: PlacedLayer, input: string): string {
    switch (layer.type) {
      case 'conv2d':
        return this.convolution(layer, input);
      case 'dense':
        return this.dense(layer, input);
      case 'max_pool':
        return this.maxPool(layer, input);
      case 'flatten':
        return this.flatten(layer, input);
      case 'dropout':
        return this.dropout(layer, input);
      default:
        throw new Error(`the gradient of ${layer.type} is not written for onnxruntime`);
    }
  }

  lossAndGradients(logits: string): void {
    const logProbs = this.newName();
    const mean = { reduction: 'mean' };
    this.nodeWithOutputs('SoftmaxCrossEntropyLoss', [logits, 'label'], ['loss', logProbs], mean);
    const one = this.constant([], Float32Array.of(1));
    let gradient = this.ownNode('SoftmaxCrossEntropyLossGrad', [one, logProbs, 'label'], mean);
    for (const back of this.stepsBack.reverse()) gradient = back(gradient);
  }
}

/** onnxruntime gives each gradient to a buffer of its own, which its optimizer reads. */
function encodeTrainingModel(packages: string, graph: TrainingGraph, size: number): Uint8Array {
  const reset = 'lazy_reset_grad';
  const buffer = (name: string) => `${name}_grad.accumulation.buffer`;
  const done = (name: string) => `${name}_grad.accumulation.out`;
  for (const { name } of graph.parameters) {
    const inputs = [buffer(name), `${name}_grad`, reset];
    graph.nodeWithOutputs('InPlaceAccumulatorV2', inputs, [done(name)], {}, onnxruntimeDomain);
  }
  const inputs = [
    valueInfo('x', [batch, 3, size, size]),
    valueInfo('label', [batch], dataType.int64),
    ...graph.parameters.map(({ name, dims }) => valueInfo(name, dims)),
    ...graph.parameters.map(({ name, dims }) => valueInfo(buffer(name), dims)),
    valueInfo(reset, [1], dataType.bool),
  ];
  const outputs = [
    valueInfo('loss', []),
    ...graph.parameters.map(({ name }) => valueInfo(done(name), [1], dataType.bool)),
  ];
  return encodeModel(packages, 'training', graph, inputs, outputs);
}

/** Adam as Keras has it. */
function encodeAdam(packages: string): Uint8Array {
  const graph = new GraphWriter();
  const lists = ['params', 'gradients', 'first_order_moments', 'second_order_moments'];
  const updated = ['params', 'first_order_moments', 'second_order_moments'].map((name) => `updated_${name}`);
  const attributes = {
    alpha: { fraction: 0.9 },
    beta: { fraction: 0.999 },
    epsilon: { fraction: 1e-7 },
    weight_decay: { fraction: 0 },
    correct_bias: 1,
    adam_mode: 0,
  };
  const [inputs, outputs] = [
    ['learning_rate', 'step', ...lists],
    ['updated_flag', ...updated],
  ];
  graph.nodeWithOutputs('AdamWOptimizer', inputs, outputs, attributes, onnxruntimeDomain);
  return encodeModel(
    packages,
    'adam',
    graph,
    [valueInfo('learning_rate', [1]), valueInfo('step', [1], dataType.int64), ...lists.map(listInfo)],
    [valueInfo('updated_flag', [1], dataType.bool), ...updated.map(listInfo)],
  );
}

/** W1 and W1s (.training.onnx and .checkpoint) and adam.onnx into `folder`. */
export function writeTrainingModels(folder: string, packages: string, { notebook }: Architectures): void {
  for (const name of ['W1', 'W1s']) {
    const graph = new TrainingGraph();
    const layers = placeLayers(notebook, sizeOf(name), classesOf(name));
    graph.lossAndGradients(layers.reduce((value, layer) => graph.forward(layer, value), 'x'));
    writeFileSync(`${folder}/${name}.training.onnx`, encodeTrainingModel(packages, graph, sizeOf(name)));
    writeFileSync(`${folder}/${name}.checkpoint`, encodeCheckpoint(packages, graph.parameters));
  }
  writeFileSync(`${folder}/adam.onnx`, encodeAdam(packages));
}
