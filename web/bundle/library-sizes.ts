// Prints what each library of docs/dependencies.md weighs: scripts/sizes
// In the page: only what the page imports of it, bundled by itself, minified and gzipped.
// The rest: as installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One row of the table each; what another row counts is left outside. */
const inPage: { name: string; imports: string; external?: string[] }[] = [
  {
    name: 'preact',
    imports: `export { render, h, Fragment } from 'preact';
      export { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
      export { jsx } from 'preact/jsx-runtime';`,
  },
  {
    name: '@preact/signals',
    imports: `export { batch, computed, effect, signal } from '@preact/signals';`,
    external: ['preact', 'preact/hooks'],
  },
  {
    name: 'd3-scale, d3-shape, d3-array',
    imports: `export { scaleLinear } from 'd3-scale'; export { line } from 'd3-shape'; export { extent } from 'd3-array';`,
  },
  {
    name: '@zip.js/zip.js',
    imports: `export { BlobReader, ZipReader, configure } from '@zip.js/zip.js/lib/zip-core-custom.js';`,
  },
  { name: 'idb', imports: `export { openDB } from 'idb';` },
  { name: 'wasm-feature-detect', imports: `export { relaxedSimd } from 'wasm-feature-detect';` },
  { name: 'workbox-precaching, workbox-core', imports: `export { PrecacheController } from 'workbox-precaching';` },
];

async function gzippedKib(imports: string, external: string[]): Promise<string> {
  // Inside the checkout, so that node_modules is found.
  const entry = join(root, 'build', 'library-size.js');
  writeFileSync(entry, imports);
  try {
    const result = await build({
      root,
      configFile: false,
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
      build: {
        write: false,
        minify: true,
        target: 'es2022',
        lib: { entry, formats: ['es'] },
        rolldownOptions: { external },
      },
    });
    const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []));
    const bytes = outputs.reduce((sum, item) => sum + (item.type === 'chunk' ? gzipSync(item.code).length : 0), 0);
    return (bytes / 1024).toFixed(1);
  } finally {
    rmSync(entry);
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).reduce(
    (sum, item) => (item.isFile() ? sum + statSync(join(item.parentPath, item.name)).size : sum),
    0,
  );
}
const mib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** `first` and all that it brings, each once. */
function withDependencies(first: string, dependenciesOf: (name: string) => string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    dependenciesOf(name).forEach(visit);
  };
  visit(first);
  return [...found];
}

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> }>;
};
/** As Node looks: in the package's own node_modules, then in those of the folders above. */
function npmPlace(from: string, name: string): string[] {
  for (let prefix = `${from}/`; ; prefix = prefix.slice(0, prefix.slice(0, -1).lastIndexOf('node_modules/'))) {
    const place = `${prefix}node_modules/${name}`;
    if (place in lock.packages && existsSync(join(root, place))) return [place];
    if (prefix === '') return []; // optional, for another system
  }
}
function npmBytes(name: string): number {
  const dependenciesOf = (place: string) =>
    Object.keys({ ...lock.packages[place]?.dependencies, ...lock.packages[place]?.optionalDependencies }).flatMap(
      (dependency) => npmPlace(place, dependency),
    );
  const own = (place: string) => {
    const inner = join(root, place, 'node_modules');
    return folderBytes(join(root, place)) - (existsSync(inner) ? folderBytes(inner) : 0);
  };
  return withDependencies(`node_modules/${name}`, dependenciesOf).reduce((sum, place) => sum + own(place), 0);
}

interface AptPackage {
  kib: number;
  dependencies: string[];
  /** There on every Debian. */
  basic: boolean;
}
function aptPackages(database: string): Map<string, AptPackage> {
  const format = '${Package}|${Installed-Size}|${Priority}|${Pre-Depends},${Depends}|${Provides}\n';
  const { stdout } = spawnSync('dpkg-query', [`--admindir=${database}`, '-Wf', format], { encoding: 'utf8' });
  const packages = new Map<string, AptPackage>();
  for (const line of (stdout ?? '').split('\n')) {
    const [name = '', kib, priority = '', dependencies = '', provides = ''] = splitFive(line);
    if (name === '') continue;
    const names = (list: string) =>
      list
        .split(/[,|]/)
        .map((one) => one.replace(/[(:].*/, '').trim())
        .filter((one) => one !== '');
    const entry = { kib: Number(kib), dependencies: names(dependencies), basic: /required|important/.test(priority) };
    packages.set(name, entry);
    for (const other of names(provides)) if (!packages.has(other)) packages.set(other, entry);
  }
  return packages;
}
/** Alternatives among the dependencies have a bar too. */
function splitFive(line: string): string[] {
  const parts = line.split('|');
  return [...parts.slice(0, 3), parts.slice(3, -1).join('|'), parts.at(-1) ?? ''];
}
function aptBytes(packages: Map<string, AptPackage>, name: string): number {
  const dependenciesOf = (one: string) => packages.get(one)?.dependencies ?? [];
  const entries = new Set(withDependencies(name, dependenciesOf).map((one) => packages.get(one)));
  return [...entries].reduce((sum, entry) => (entry && !entry.basic ? sum + entry.kib * 1024 : sum), 0);
}

console.log('in the page, minified and gzipped:');
for (const { name, imports, external = [] } of inPage) {
  console.log(`  ${name}: ${await gzippedKib(imports, external)} KiB`);
}

console.log('npm packages to build and test, each with its dependencies (what two of them need counts in both):');
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
for (const name of Object.keys(devDependencies)) console.log(`  ${name}: ${mib(npmBytes(name))}`);
console.log(`  all of node_modules: ${mib(folderBytes(join(root, 'node_modules')))}`);

// Each argument: dpkg's database and the packages to look up in it, as one word.
for (const argument of process.argv.slice(2)) {
  const [database = '', ...names] = argument.split(/\s+/);
  const packages = aptPackages(database);
  console.log(`Debian packages of ${database}, each with its dependencies but those of every Debian:`);
  for (const name of names) if (packages.has(name)) console.log(`  ${name}: ${mib(aptBytes(packages, name))}`);
}
