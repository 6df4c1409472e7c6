// onnxruntime's checkpoint of a training: the weights in a flatbuffer. Source of the layout: onnxruntime 1.19,
// core/flatbuffers/schema/ort_training_checkpoint.fbs.
import { createRequire } from 'node:module';
import { dataType } from './onnx-graph.ts';

export interface Parameter {
  name: string;
  dims: number[];
  data: Float32Array;
}

interface Builder {
  createString(text: string): number;
  createByteVector(bytes: Uint8Array): number;
  startVector(elementSize: number, count: number, alignment: number): void;
  addInt64(value: bigint): void;
  addOffset(offset: number): void;
  endVector(): number;
  startObject(fields: number): void;
  addFieldOffset(field: number, value: number, otherwise: number): void;
  addFieldInt32(field: number, value: number, otherwise: number): void;
  endObject(): number;
  finish(root: number, identifier: string): void;
  asUint8Array(): Uint8Array;
}

/** Field numbers and counts of the tables in use. */
const tensor = { fields: 7, name: 0, dims: 2, dataType: 3, rawData: 4 };
const moduleState = { fields: 4, trainable: 0, frozen: 1 };
const checkpoint = { fields: 4, version: 0, moduleState: 1 };
const identifier = 'ODTC';
const version = 2;

/** Vectors are written from the end. */
function vector<T>(builder: Builder, size: number, values: readonly T[], add: (value: T) => void): number {
  builder.startVector(size, values.length, size);
  for (const value of [...values].reverse()) add(value);
  return builder.endVector();
}

function writeTensor(builder: Builder, { name, dims, data }: Parameter): number {
  const nameAt = builder.createString(name);
  const dataAt = builder.createByteVector(new Uint8Array(data.buffer));
  const dimsAt = vector(builder, 8, dims, (extent) => builder.addInt64(BigInt(extent)));
  builder.startObject(tensor.fields);
  builder.addFieldOffset(tensor.name, nameAt, 0);
  builder.addFieldOffset(tensor.dims, dimsAt, 0);
  builder.addFieldInt32(tensor.dataType, dataType.float, 0);
  builder.addFieldOffset(tensor.rawData, dataAt, 0);
  return builder.endObject();
}

/** `packages`: .../node_modules/, where flatbuffers lies. */
export function encodeCheckpoint(packages: string, parameters: readonly Parameter[]): Uint8Array {
  const { Builder } = createRequire(packages)('flatbuffers') as { Builder: new (size: number) => Builder };
  const builder = new Builder(1 << 20);
  const offsets = parameters.map((parameter) => writeTensor(builder, parameter));
  const trainable = vector(builder, 4, offsets, (offset) => builder.addOffset(offset));
  const frozen = vector(builder, 4, [] as number[], (offset) => builder.addOffset(offset));
  builder.startObject(moduleState.fields);
  builder.addFieldOffset(moduleState.trainable, trainable, 0);
  builder.addFieldOffset(moduleState.frozen, frozen, 0);
  const state = builder.endObject();
  builder.startObject(checkpoint.fields);
  builder.addFieldInt32(checkpoint.version, version, 0);
  builder.addFieldOffset(checkpoint.moduleState, state, 0);
  builder.finish(builder.endObject(), identifier);
  return builder.asUint8Array();
}
