// Writes the benchmarks' networks as ONNX models (NCHW) with random weights, for onnxruntime.
import { writeFileSync } from 'node:fs';
import { placeLayers } from '../page/placed-layers.ts';
import type { PlacedLayer } from '../page/placed-layers.ts';
import { classesOf, sizeOf } from '../page/contestant.ts';
import { encodeModel, GraphWriter, heUniform, valueInfo } from './onnx-graph.ts';
import type { Architectures } from './workloads.ts';

const weight = (graph: GraphWriter, dims: number[], fanIn: number) => graph.constant(dims, heUniform(dims, fanIn));

function activated(graph: GraphWriter, layer: PlacedLayer, value: string): string {
  if (layer.activation === 'relu') return graph.node('Relu', [value]);
  if (layer.activation === 'linear') return value;
  const [zero, six] = [graph.constant([], Float32Array.of(0)), graph.constant([], Float32Array.of(6))];
  return graph.node('Clip', [value, zero, six]);
}

function writeLayer(graph: GraphWriter, layer: PlacedLayer, inputs: string[]): string {
  const { type, kernelSize: k, stride, input, output } = layer;
  const [cin, cout] = [input[2], output[2]];
  switch (type) {
    case 'conv2d':
    case 'depthwise_conv2d': {
      const depthwise = type === 'depthwise_conv2d';
      const each = depthwise ? 1 : cin;
      const weights = [weight(graph, [cout, each, k, k], k * k * each), weight(graph, [cout], 1e3)];
      const pad = k >> 1;
      const attributes = {
        kernel_shape: [k, k],
        strides: [stride, stride],
        pads: [pad, pad, pad, pad],
        group: depthwise ? cout : 1,
      };
      return activated(graph, layer, graph.node('Conv', [...inputs, ...weights], attributes));
    }
    case 'dense': {
      const weights = [weight(graph, [cin, cout], cin), weight(graph, [cout], 1e3)];
      return activated(graph, layer, graph.node('Gemm', [...inputs, ...weights]));
    }
    case 'max_pool':
      return graph.node('MaxPool', inputs, { kernel_shape: [k, k], strides: [stride, stride] });
    case 'flatten':
      return graph.node('Flatten', inputs);
    case 'global_average_pool':
      return graph.node('Flatten', [graph.node('GlobalAveragePool', inputs)]);
    case 'add':
      return graph.node('Add', inputs);
    default:
      return inputs[0]!; // dropout
  }
}

function writeNetwork(graph: GraphWriter, layers: readonly PlacedLayer[]): void {
  const values = new Map([['', 'x']]);
  let last = 'x';
  for (const layer of layers) {
    last = writeLayer(
      graph,
      layer,
      layer.from.map((name) => values.get(name)!),
    );
    values.set(layer.name, last);
  }
  graph.node('Softmax', [last], {}, 'y');
}

/** W2.onnx, W3.onnx and W4.onnx into `folder`; onnx-proto is taken from `packages` (.../node_modules/). */
export function writeOnnxModels(folder: string, packages: string, architectures: Architectures): void {
  const write = (name: string, graph: GraphWriter, inputs: { [name: string]: number[] }, output: number[]) => {
    const infos = Object.entries(inputs).map(([input, dims]) => valueInfo(input, dims));
    writeFileSync(`${folder}/${name}.onnx`, encodeModel(packages, name, graph, infos, [valueInfo('y', output)]));
  };
  for (const [name, architecture] of [
    ['W2', architectures.notebook],
    ['W3', architectures.mobilenet_v2],
  ] as const) {
    const [graph, size, classes] = [new GraphWriter(), sizeOf(name), classesOf(name)];
    writeNetwork(graph, placeLayers(architecture, size, classes));
    write(name, graph, { x: [1, 3, size, size] }, [1, classes]);
  }
  const product = new GraphWriter();
  product.node('MatMul', ['a', 'b'], {}, 'y');
  const square = [1024, 1024];
  write('W4', product, { a: square, b: square }, square);
}
