// LICENSE and third-party-notices.txt of what is shipped, beside the page.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

interface PackageFile {
  version: string;
  license?: string;
  dependencies?: Record<string, string>;
}

/** Of npm's packages only these development dependencies end up in the shipped files. */
const bundledTools = ['workbox-precaching'];

function shippedPackages(root: string): string[] {
  const packageFile = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
  const found = new Set<string>();
  const visit = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    Object.keys(packageFile(join(root, 'node_modules', name)).dependencies ?? {}).forEach(visit);
  };
  [...Object.keys(packageFile(root).dependencies ?? {}), ...bundledTools].forEach(visit);
  return [...found].sort();
}

function packageNotice(root: string, name: string): string {
  const folder = join(root, 'node_modules', name);
  const { version, license = 'licence not stated' } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as PackageFile;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** `folder` holds the texts of what is compiled into the modules (docs/notices), one file each. */
export function noticesText(root: string, folder: string): string {
  const compiled = readdirSync(folder)
    .filter((file) => file.endsWith('.txt'))
    .sort();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return (
    [
      'Sortlab contains these works of others. Its own licence is in the file LICENSE.',
      ...compiled.map((file) => readFileSync(join(folder, file), 'utf8').trim()),
      ...shippedPackages(root).map((name) => packageNotice(root, name)),
    ].join(rule) + '\n'
  );
}

export function notices(root: string): Plugin {
  return {
    name: 'sortlab-notices',
    apply: 'build',
    generateBundle() {
      const text = noticesText(root, join(root, 'docs/notices'));
      this.emitFile({ type: 'asset', fileName: 'third-party-notices.txt', source: text });
      const licence = join(root, 'LICENSE');
      if (!existsSync(licence)) this.error('the file LICENSE is missing');
      this.emitFile({ type: 'asset', fileName: 'LICENSE.txt', source: readFileSync(licence) });
    },
  };
}
