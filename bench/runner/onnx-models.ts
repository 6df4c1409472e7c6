// Writes the benchmarks' networks as ONNX models (opset 17, NCHW) with random weights, for onnxruntime.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { placeLayers } from '../page/placed-layers.ts';
import type { PlacedLayer } from '../page/placed-layers.ts';
import { classesOf, sizeOf } from '../page/contestant.ts';
import type { Architectures } from './workloads.ts';

interface OnnxProto {
  onnx: { ModelProto: { create(fields: object): object; encode(model: object): { finish(): Uint8Array } } };
}
type Attribute = number | number[];

const float = 1;
const valueInfo = (name: string, dims: number[]) => ({
  name,
  type: { tensorType: { elemType: float, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } },
});
const attribute = ([name, value]: [string, Attribute]) =>
  Array.isArray(value) ? { name, type: 7, ints: value } : { name, type: 2, i: value };

/** Collects nodes and weights; each method gives the name of the value that it makes. */
class GraphWriter {
  readonly nodes: object[] = [];
  readonly weights: object[] = [];

  node(opType: string, input: string[], attributes: { [name: string]: Attribute } = {}, output?: string): string {
    const name = output ?? `value_${this.nodes.length}`;
    this.nodes.push({ opType, input, output: [name], attribute: Object.entries(attributes).map(attribute) });
    return name;
  }

  /** Uniform, He et al.'s bounds, so that values neither vanish nor explode on their way. */
  weight(dims: number[], fanIn: number): string {
    const bound = Math.sqrt(6 / fanIn);
    const count = dims.reduce((a, b) => a * b, 1);
    return this.constant(
      dims,
      Float32Array.from({ length: count }, () => (2 * Math.random() - 1) * bound),
    );
  }

  constant(dims: number[], values: Float32Array): string {
    const name = `weight_${this.weights.length}`;
    this.weights.push({ name, dims, dataType: float, rawData: new Uint8Array(values.buffer) });
    return name;
  }
}

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
      const weights = [graph.weight([cout, each, k, k], k * k * each), graph.weight([cout], 1e3)];
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
      const weights = [graph.weight([cin, cout], cin), graph.weight([cout], 1e3)];
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
  const { ModelProto } = (createRequire(packages)('onnx-proto') as OnnxProto).onnx;
  const write = (name: string, graph: GraphWriter, inputs: { [name: string]: number[] }, output: number[]) => {
    const model = ModelProto.create({
      irVersion: 8,
      opsetImport: [{ domain: '', version: 17 }],
      graph: {
        name,
        node: graph.nodes,
        initializer: graph.weights,
        input: Object.entries(inputs).map(([input, dims]) => valueInfo(input, dims)),
        output: [valueInfo('y', output)],
      },
    });
    writeFileSync(`${folder}/${name}.onnx`, ModelProto.encode(model).finish());
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
