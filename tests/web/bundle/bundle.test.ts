import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readBuiltModules } from '../../../web/bundle/built-modules.ts';
import { hashOf } from '../../../web/bundle/content-hash.ts';
import { engineBudget } from '../../../web/bundle/download-size.ts';
import { noticesText } from '../../../web/bundle/notices.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('content hash', () => {
  it('depends on names and contents, not on their order', () => {
    const a: [string, Uint8Array] = ['a', bytes('1')];
    const b: [string, Uint8Array] = ['b', bytes('2')];
    expect(hashOf([a, b])).toBe(hashOf([b, a]));
    expect(hashOf([a, b])).not.toBe(hashOf([a, ['b', bytes('3')]]));
    expect(hashOf([a, b])).not.toBe(hashOf([a, ['c', bytes('2')]]));
    // A file that ends where another begins is another tree.
    expect(hashOf([['a', bytes('12')]])).not.toBe(hashOf([a, ['', bytes('2')]]));
  });
});

describe('built modules', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sortlab-modules-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });
  const write = (content: string) => {
    for (const name of ['decode', 'example', 'engine-simd', 'engine-relaxed', 'engine-simd-mt', 'engine-relaxed-mt']) {
      writeFileSync(join(folder, `${name}.js`), content);
      writeFileSync(join(folder, `${name}.wasm`), content);
    }
  };

  it('says what to run where one is missing', () => {
    vi.stubEnv('SORTLAB_WITHOUT_WASM', '');
    write('x');
    rmSync(join(folder, 'engine-simd-mt.wasm'));
    expect(() => readBuiltModules(folder)).toThrow(/lacks engine-simd-mt\.wasm: run scripts\/build/);
  });

  it('gives another folder to another content', () => {
    write('1');
    const first = readBuiltModules(folder);
    write('2');
    const second = readBuiltModules(folder);
    expect(first.files.size).toBe(12);
    expect(first.folder).toMatch(/^wasm-[0-9a-f]{12}$/);
    expect(second.folder).not.toBe(first.folder);
  });
});

describe('third-party notices', () => {
  it('holds the licence of everything that is shipped', () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const text = noticesText(root, join(root, 'docs/notices'));
    for (const name of ['xtensor', 'xtl', 'stb_image', 'Emscripten', 'musl', 'libc++']) {
      expect(text).toContain(name);
    }
    for (const name of ['preact', '@preact/signals-core', '@zip.js/zip.js', 'd3-scale', 'internmap', 'workbox-core']) {
      // A heading with the version, then a licence text.
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|ISC|BSD-3-Clause)\\)\\n\\n\\S`, 'm'));
    }
  });
});

describe('size of the engine', () => {
  // Bytes that do not compress.
  const noise = (kib: number) => {
    let state = 1;
    return Uint8Array.from({ length: kib * 1024 }, () => (state = (state * 48271) % 2147483647) >> 16);
  };

  it('is printed beside its budget', () => {
    expect(engineBudget([['engine-a.wasm', noise(50)]])[0]).toMatch(
      /^engine-a\.wasm 50\.\d KiB, within its budget of 100$/,
    );
  });

  it('fails the build over it', () => {
    expect(() =>
      engineBudget([
        ['engine-a.wasm', noise(50)],
        ['engine-b.wasm', noise(101)],
      ]),
    ).toThrow(/budget.*engine-b/);
  });
});
