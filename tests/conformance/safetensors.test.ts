// A model file read as the format describes itself (https://huggingface.co/docs/safetensors), by code that shares nothing with
// the C++ reader. read_safetensors.py does the same with the format's own library, where that is installed.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stripes } from '../cli/pictures.ts';
import { sortlab, type Run } from '../cli/run-sortlab.ts';
import { zipBytes } from '../web/data/zip-bytes.ts';

interface Tensor {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}
const classes = ['across', 'down'];
const folder = mkdtempSync(join(tmpdir(), 'sortlab-conformance-'));
const path = join(folder, 'model.safetensors');
let trained: Run;
let file: Buffer;
let text = '';

beforeAll(async () => {
  const photos = classes.flatMap((name, label) =>
    Array.from({ length: 10 }, (_, index) => ({ name: `${name}/${index}.png`, data: stripes(label, index) })),
  );
  writeFileSync(join(folder, 'data.zip'), zipBytes(photos));
  const settings = ['--preset', 'compact', '--size', '32', '--epochs', '1', '--batch', '8', '--threads', '1'];
  trained = await sortlab('train', join(folder, 'data.zip'), ...settings, '--out', path, '--json');
  file = readFileSync(path);
  text = file.subarray(8, 8 + Number(file.readBigUInt64LE(0))).toString('utf8');
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the header is one JSON object, the data after it is aligned', () => {
  expect(text.startsWith('{')).toBe(true);
  expect(text.trimEnd().endsWith('}')).toBe(true);
  expect((8 + Buffer.byteLength(text)) % 64).toBe(0);
});

it('tensors are float32, as large as their shape, and cover the data without gaps', () => {
  const { __metadata__: _, ...tensors } = JSON.parse(text) as { [name: string]: Tensor };
  const ordered = Object.values(tensors).sort((a, b) => a.data_offsets[0] - b.data_offsets[0]);
  expect(ordered.length).toBeGreaterThan(10);
  let end = 0;
  for (const { dtype, shape, data_offsets } of ordered) {
    expect(dtype).toBe('F32');
    expect(data_offsets).toEqual([end, end + 4 * shape.reduce((product, side) => product * side, 1)]);
    end = data_offsets[1];
  }
  const data = file.subarray(8 + Buffer.byteLength(text));
  expect(data.length).toBe(end);
  for (let at = 0; at < end; at += 4) if (!Number.isFinite(data.readFloatLE(at))) throw new Error(`byte ${at}`);
  expect(createHash('sha256').update(data).digest('hex')).toBe(trained.json.weights_sha256);
});

it('the metadata holds strings, with what a reader needs to use the weights', () => {
  const metadata = (JSON.parse(text) as { __metadata__: { [key: string]: unknown } }).__metadata__;
  for (const [key, value] of Object.entries(metadata)) expect(typeof value, key).toBe('string');
  const read = (key: string): unknown => JSON.parse(metadata[key] as string) as unknown;
  expect([metadata['format'], metadata['version']]).toEqual(['sortlab-model', '1']);
  expect(read('classes')).toEqual(classes);
  expect(read('preprocessing')).toEqual({ size: 32, fit: 'squeeze', mean: 0.5, deviation: 0.25, channels: 'rgb' });
  expect(read('architecture')).toHaveProperty('layers');
  expect(read('training')).toBeTypeOf('object');
});
