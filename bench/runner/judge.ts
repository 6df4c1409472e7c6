// Starts an external benchmark program that knows more peers, native ones among them, with the engine as its contestants.
// Its own packages and models are prepared in PEERS_SCRATCH.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Options } from './options.ts';
import { workloadNames } from './workloads.ts';

const trainers = ['ort119-train', 'tfjs-wasm-patched'];
const classifiers = ['tfjs-wasm', 'ort'];
// Run outside a browser, by the interpreter that PEERS_PYTHON names.
const natives = ['keras', 'torch'];

/** What the program prints to stdout, which is passed on too. */
function run(program: string, words: readonly string[], folder: string, scratch: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd: folder,
      stdio: ['inherit', 'pipe', 'inherit'],
      env: { ...process.env, PEERS_SCRATCH: scratch },
    });
    let printed = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      printed += text;
      process.stdout.write(text);
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`${program} ${words[0]} ended with ${code}`)),
    );
  });
}

async function prepare(judge: string, scratch: string): Promise<void> {
  mkdirSync(scratch, { recursive: true });
  if (!existsSync(join(scratch, 'node_modules'))) {
    copyFileSync(join(judge, 'package.json'), join(scratch, 'package.json'));
    await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], scratch, scratch);
  }
  if (existsSync(join(scratch, 'gen'))) return;
  for (const writer of ['make_onnx.mjs', 'make_ort_train.mjs'])
    if (existsSync(join(judge, writer))) await run(process.execPath, [writer], judge, scratch);
}

/** `bench`: the folder of peer.mjs; reports go there as judge-W1.json and so on. Returns what was printed for each work. */
export async function runJudge(
  judge: string,
  scratch: string,
  bench: string,
  options: Options,
): Promise<Map<string, string>> {
  if (!existsSync(join(judge, 'run.mjs')))
    throw new Error(`the judge is not in ${judge}: --judge DIR says where it is`);
  await prepare(judge, scratch);
  const ours = (['relaxed', 'simd'] as const).flatMap((engine) =>
    [1, 2].map((threads) => ({ name: `ours-${engine}-${threads}t`, opts: { threads, engine } })),
  );
  const mount = ['--mount', `/ours=${bench}`];
  const added = ours.flatMap(({ name, opts }) => [
    '--add',
    `${name}=${JSON.stringify({ module: '/ours/peer.mjs', opts })}`,
  ]);
  const printed = new Map<string, string>();
  for (const workload of workloadNames.filter((name) => options.only.has(name))) {
    const known = /^W1/.test(workload) ? trainers : classifiers;
    const native = process.env['PEERS_PYTHON'] === undefined ? [] : natives;
    const peers = [...known, ...native].flatMap((name) => [`${name}-1t`, `${name}-2t`]);
    // Its ratios are against the first.
    const contestants = [...peers, ...ours.map(({ name }) => name)];
    const words = [
      ...['run.mjs', '--workload', workload, '--contestants', contestants.join(','), ...mount, ...added],
      ...['--rounds', String(options.rounds), '--min-ms', String(1000 * options.seconds)],
      ...['--quiet-s', String(options.quietSeconds), '--retries', String(options.retries)],
      ...['--out', join(bench, `judge-${workload}.json`)],
    ];
    printed.set(workload, await run(process.execPath, words, judge, scratch));
  }
  return printed;
}
