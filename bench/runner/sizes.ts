// What a visitor downloads: the engine's modules as they lie in dist/, and the peers' files for the same work.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

export interface Size {
  name: string;
  wasmKiB: number;
  javascriptKiB: number;
}

const kib = (paths: string[]) =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(path), { level: 9 }).length, 0) / 1024;

function sizeOf(name: string, paths: string[]): Size[] {
  if (!paths.every((path) => existsSync(path))) return [];
  return [
    {
      name,
      wasmKiB: kib(paths.filter((path) => path.endsWith('.wasm'))),
      javascriptKiB: kib(paths.filter((path) => !path.endsWith('.wasm'))),
    },
  ];
}

/** Compressed by gzip -9. `packages`: the peers' node_modules. */
export function downloadSizes(root: string, packages: string): Size[] {
  const dist = `${root}/dist`;
  const folder = readdirSync(dist).find((name) => /^wasm-/.test(name));
  if (folder === undefined) throw new Error('dist/ holds no modules: run scripts/build first');
  const engines = ['relaxed', 'relaxed-mt', 'simd', 'simd-mt'].flatMap((variant) =>
    sizeOf(
      `sortlab engine-${variant}`,
      ['wasm', 'js'].map((ending) => `${dist}/${folder}/engine-${variant}.${ending}`),
    ),
  );
  const tfjs = `${packages}/@tensorflow`;
  const ort = `${packages}/onnxruntime-web/dist`;
  return [
    ...engines,
    ...sizeOf('tfjs wasm', [
      `${tfjs}/tfjs/dist/tf.min.js`,
      `${tfjs}/tfjs-backend-wasm/dist/tf-backend-wasm.min.js`,
      `${tfjs}/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm`,
    ]),
    ...sizeOf('onnxruntime-web', [
      `${ort}/ort.wasm.min.mjs`,
      `${ort}/ort-wasm-simd-threaded.mjs`,
      `${ort}/ort-wasm-simd-threaded.wasm`,
    ]),
  ];
}
