// MobileNetV2 1.0 with BatchNorm folded into the convolutions' biases, as an architecture of the engine. Sandler et al.,
// "MobileNetV2: inverted residuals and linear bottlenecks", CVPR 2018, table 2.
interface Layer {
  [field: string]: unknown;
}

/** Expansion, channels out, blocks, stride of the first. */
const stages = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

function block(name: string, from: string, channels: number, expansion: number, out: number, stride: number): Layer[] {
  const layers: Layer[] = [];
  let input = from;
  if (expansion > 1) {
    const filters = channels * expansion;
    layers.push({ type: 'conv2d', name: `${name}_expand`, from: input, filters, kernel_size: 1, activation: 'relu6' });
    input = `${name}_expand`;
  }
  layers.push({
    type: 'depthwise_conv2d',
    name: `${name}_depthwise`,
    from: input,
    kernel_size: 3,
    stride,
    activation: 'relu6',
  });
  layers.push({ type: 'conv2d', name: `${name}_project`, filters: out, kernel_size: 1 });
  if (stride === 1 && channels === out)
    layers.push({ type: 'add', name: `${name}_add`, from: [from, `${name}_project`] });
  return layers;
}

export function mobilenetV2(): string {
  const layers: Layer[] = [
    { type: 'conv2d', name: 'stem', filters: 32, kernel_size: 3, stride: 2, activation: 'relu6' },
  ];
  let channels = 32;
  for (const [stage, [expansion, out, count, stride]] of stages.entries()) {
    for (let i = 0; i < count; i++) {
      const from = layers.at(-1)?.['name'] as string;
      layers.push(...block(`b${stage}_${i}`, from, channels, expansion, out, i === 0 ? stride : 1));
      channels = out;
    }
  }
  layers.push({ type: 'conv2d', name: 'top', filters: 1280, kernel_size: 1, activation: 'relu6' });
  layers.push({ type: 'global_average_pool', name: 'pool' }, { type: 'dense', name: 'classes', units: 'classes' });
  return JSON.stringify({ version: 1, name: 'mobilenet_v2', layers });
}
