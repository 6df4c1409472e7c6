// ONNX graphs (NCHW) written node by node, for onnxruntime.
import { createRequire } from 'node:module';

interface OnnxProto {
  onnx: { ModelProto: { create(fields: object): object; encode(model: object): { finish(): Uint8Array } } };
}
/** A fraction is a float, also where it is whole. */
export type Attribute = number | number[] | string | { fraction: number };

/** Of TensorProto.DataType. */
export const dataType = { float: 1, int64: 7, bool: 9 } as const;
export const onnxruntimeDomain = 'com.microsoft';

const tensorType = (elemType: number, dims: readonly number[]) => ({
  tensorType: { elemType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } },
});
export const valueInfo = (name: string, dims: readonly number[], elemType: number = dataType.float) => ({
  name,
  type: tensorType(elemType, dims),
});
export const listInfo = (name: string) => ({
  name,
  type: { sequenceType: { elemType: { tensorType: { elemType: dataType.float } } } },
});

function attribute([name, value]: [string, Attribute]): object {
  if (Array.isArray(value)) return { name, type: 7, ints: value };
  if (typeof value === 'string') return { name, type: 3, s: new TextEncoder().encode(value) };
  return typeof value === 'number' ? { name, type: 2, i: value } : { name, type: 1, f: value.fraction };
}

/** Uniform, He et al.'s bounds, so that values neither vanish nor explode on their way. */
export const heUniform = (dims: readonly number[], fanIn: number) => uniform(dims, Math.sqrt(6 / fanIn));

export function uniform(dims: readonly number[], bound: number): Float32Array {
  const count = dims.reduce((a, b) => a * b, 1);
  return Float32Array.from({ length: count }, () => (2 * Math.random() - 1) * bound);
}

/** Collects nodes and constants; `node` and `constant` give the name of the value that they make. */
export class GraphWriter {
  readonly nodes: object[] = [];
  readonly constants: object[] = [];
  /** Shapes that onnxruntime cannot infer. */
  readonly shapes: object[] = [];

  node(opType: string, input: string[], attributes: { [name: string]: Attribute } = {}, output?: string): string {
    const name = output ?? this.newName();
    this.nodeWithOutputs(opType, input, [name], attributes);
    return name;
  }

  /** For operations of several outputs and of onnxruntime's own domain. An output called '' is not wanted. */
  nodeWithOutputs(
    opType: string,
    input: string[],
    output: string[],
    attributes: { [name: string]: Attribute } = {},
    domain = '',
  ): void {
    this.nodes.push({ opType, domain, input, output, attribute: Object.entries(attributes).map(attribute) });
  }

  newName = (): string => `value_${this.named++}`;

  constant(dims: number[], values: Float32Array | BigInt64Array | Uint8Array, type: number = dataType.float): string {
    const name = `constant_${this.constants.length}`;
    const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.constants.push({ name, dims, dataType: type, rawData });
    return name;
  }

  private named = 0;
}

/** `packages`: .../node_modules/, where onnx-proto lies. */
export function encodeModel(
  packages: string,
  name: string,
  graph: GraphWriter,
  input: object[],
  output: object[],
): Uint8Array {
  const { ModelProto } = (createRequire(packages)('onnx-proto') as OnnxProto).onnx;
  const model = ModelProto.create({
    irVersion: 8,
    opsetImport: [
      { domain: '', version: 15 },
      { domain: onnxruntimeDomain, version: 1 },
    ],
    graph: { name, node: graph.nodes, initializer: graph.constants, valueInfo: graph.shapes, input, output },
  });
  return ModelProto.encode(model).finish();
}
