// `tsc -b` checks what its projects list; a file in none of them would never be checked.
import { globSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');

function filesOf(config: string): string[] {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const project = ts.getParsedCommandLineOfConfigFile(config, {}, host);
  if (project === undefined) throw new Error(`${config} cannot be read`);
  const below = (project.projectReferences ?? []).map(({ path }) =>
    path.endsWith('.json') ? path : resolve(path, 'tsconfig.json'),
  );
  return [...project.fileNames, ...(dirname(config) === root ? below.flatMap(filesOf) : [])];
}

it('every TypeScript file belongs to a project', () => {
  const checked = new Set(filesOf(resolve(root, 'tsconfig.json')).map((path) => relative(root, path)));
  const files = globSync(['{web,tests,bench}/**/*.{ts,tsx}', '*.ts'], { cwd: root });
  expect(files.length).toBeGreaterThan(200);
  expect(files.filter((file) => !checked.has(file))).toEqual([]);
});
