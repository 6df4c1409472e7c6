// An architecture of the engine (docs/architecture.md) with the shape of every map: what a library needs to run the same
// network, and what it costs.
export interface PlacedLayer {
  type: string;
  name: string;
  /** Names of the layers before it; '' is the picture. */
  from: string[];
  /** Height, width, channels of the first input and of the output; behind flatten and pooling: 1, 1, units. */
  input: [number, number, number];
  output: [number, number, number];
  kernelSize: number;
  stride: number;
  activation: 'linear' | 'relu' | 'relu6';
  /** Of dropout. */
  rate: number;
}

interface WrittenLayer {
  type: string;
  name?: string;
  from?: string | string[];
  filters?: number;
  units?: number | 'classes';
  kernel_size?: number;
  size?: number;
  stride?: number;
  rate?: number;
  activation?: 'relu' | 'relu6';
}

/** All convolutions of the benchmarks' networks are padded to the size of their input ("same"). */
export function placeLayers(architecture: string, size: number, classes: number): PlacedLayer[] {
  const { layers } = JSON.parse(architecture) as { layers: WrittenLayer[] };
  const outputs = new Map<string, PlacedLayer['output']>([['', [size, size, 3]]]);
  let last = '';
  return layers.map((layer, index) => {
    const name = layer.name ?? `${layer.type}_${index}`;
    const from = layer.from === undefined ? [last] : [layer.from].flat();
    const input = outputs.get(from[0] ?? '');
    if (input === undefined) throw new Error(`the layer ${name} comes before its input`);
    const isPool = layer.type === 'max_pool';
    const placed: PlacedLayer = {
      type: layer.type,
      name,
      from,
      input,
      output: outputShape(layer, input, classes),
      kernelSize: isPool ? (layer.size ?? 2) : (layer.kernel_size ?? 1),
      stride: isPool ? (layer.size ?? 2) : (layer.stride ?? 1),
      activation: layer.activation ?? 'linear',
      rate: layer.rate ?? 0,
    };
    outputs.set(name, placed.output);
    last = name;
    return placed;
  });
}

function outputShape(
  layer: WrittenLayer,
  [height, width, channels]: PlacedLayer['input'],
  classes: number,
): PlacedLayer['output'] {
  const shrunk = (extent: number) => Math.ceil(extent / (layer.stride ?? 1));
  switch (layer.type) {
    case 'conv2d':
      return [shrunk(height), shrunk(width), layer.filters ?? 0];
    case 'depthwise_conv2d':
      return [shrunk(height), shrunk(width), channels];
    case 'max_pool':
      return [Math.floor(height / (layer.size ?? 2)), Math.floor(width / (layer.size ?? 2)), channels];
    case 'flatten':
      return [1, 1, height * width * channels];
    case 'global_average_pool':
      return [1, 1, channels];
    case 'dense':
      return [1, 1, layer.units === 'classes' ? classes : (layer.units ?? 0)];
    case 'add':
    case 'dropout':
      return [height, width, channels];
    default:
      throw new Error(`the benchmarks do not know the layer type ${layer.type}`);
  }
}

/** Floating-point operations of the layer on one picture, counted directly. */
export function flopsOf({ type, input, output, kernelSize }: PlacedLayer): number {
  const points = output[0] * output[1] * kernelSize ** 2;
  if (type === 'conv2d') return 2 * points * input[2] * output[2];
  if (type === 'depthwise_conv2d') return 2 * points * output[2];
  return type === 'dense' ? 2 * input[2] * output[2] : 0;
}

/** Training takes two more passes, of which the first layer needs one: nobody asks for the gradient of the picture. */
export function networkFlops(layers: readonly PlacedLayer[], training: boolean): number {
  const costs = layers.map(flopsOf);
  return costs.reduce((sum, cost, index) => sum + cost * (training ? (index === 0 ? 2 : 3) : 1), 0);
}
