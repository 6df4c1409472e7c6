// Runs the built command line, as a user would.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../build/cli/sortlab.mjs', import.meta.url));

export interface Run {
  code: number;
  stdout: string;
  stderr: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at fields of any shape
  json: any;
}

export function sortlab(...words: string[]): Promise<Run> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      const isJson = words.includes('--json') && code === 0;
      resolve({ code, stdout, stderr, json: isJson ? (JSON.parse(stdout) as unknown) : null });
    });
  });
}
