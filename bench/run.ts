// The benchmarks, started by scripts/bench, which has built everything. Tables go to stdout, progress to stderr, everything
// to build/bench/results.json.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { browserVersion } from './runner/browser.ts';
import { runContest } from './runner/contest.ts';
import { runJudge } from './runner/judge.ts';
import { benchKernels } from './runner/kernels.ts';
import { describeMachine } from './runner/machine.ts';
import { writeOnnxModels } from './runner/onnx-models.ts';
import { writeTrainingModels } from './runner/onnx-training.ts';
import { readOptions } from './runner/options.ts';
import type { Options } from './runner/options.ts';
import { benchmarksDocument, reportTables } from './runner/report.ts';
import type { Results } from './runner/report.ts';
import { measureReturn } from './runner/second-visit.ts';
import { startBenchServer } from './runner/server.ts';
import { downloadSizes } from './runner/sizes.ts';
import { entrantsOf, readArchitectures, workloadNames, workloads } from './runner/workloads.ts';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
const bench = `${root}/build/bench`;
const judgedFile = (workload: string) => `${bench}/judged-${workload}.txt`;
const variants = ['relaxed', 'simd'];

/** Where the peers' packages lie. */
function cacheFolder(): string {
  const cache = process.env['SORTLAB_CACHE'];
  if (cache === undefined) throw new Error('SORTLAB_CACHE is not set: start scripts/bench');
  return cache;
}

/** What the judge printed last, work by work. */
function readJudged(): string[] {
  const files = workloadNames.map(judgedFile).filter((file) => existsSync(file));
  return files.map((file) => readFileSync(file, 'utf8').trim());
}

async function measure(options: Options, words: readonly string[], log: (line: string) => void): Promise<Results> {
  const packages = `${cacheFolder()}/peers/node_modules/`;
  const models = `${bench}/models`;
  const architectures = await readArchitectures(`${bench}/bench-simd.js`);
  mkdirSync(models, { recursive: true });
  for (const [name, json] of Object.entries(architectures)) writeFileSync(`${models}/${name}.json`, json);
  writeOnnxModels(models, packages, architectures);
  writeTrainingModels(models, packages, architectures);

  const { rounds, seconds, quietSeconds, retries, only } = options;
  const results: Results = {
    command: ['scripts/bench', ...words].join(' '),
    date: new Date().toISOString(),
    machine: describeMachine(await browserVersion()),
    rounds,
    seconds,
    contests: [],
    returns: [],
    sizes: only.has('sizes') ? downloadSizes(root, packages) : [],
    kernels: [],
    judged: readJudged(),
  };
  const all = workloads(architectures);
  const server = await startBenchServer([
    ['/packages/', packages],
    ['/', `${bench}/`],
  ]);
  try {
    for (const workload of all.filter(({ name }) => only.has(name))) {
      const contest = { origin: server.origin, rounds, seconds, quietSeconds, retries, log };
      results.contests.push(await runContest(workload, contest));
    }
    const classify = all.find(({ name }) => name === 'W2')!;
    for (const entrant of only.has('return') ? entrantsOf(classify) : []) {
      const result = await measureReturn(server, entrant, { rounds, quietSeconds });
      log(`second visit ${entrant.name}: ${result.secondMs.toFixed(0)} ms (first ${result.firstMs.toFixed(0)} ms)`);
      results.returns.push(result);
    }
  } finally {
    server.close();
  }
  for (const variant of only.has('kernels') ? variants : []) {
    for (const threads of [1, 2]) {
      log(`kernels, ${variant}, threads: ${threads}`);
      results.kernels.push(await benchKernels(root, variant, threads, options.quick ? 'gemm' : ''));
    }
  }
  return results;
}

async function main(words: string[]): Promise<void> {
  const options = readOptions(words, `${root}/../shared/bench/peers`);
  if (options.judge !== undefined) {
    const scratch = process.env['PEERS_SCRATCH'] ?? `${cacheFolder()}/judge`;
    const printed = await runJudge(resolve(options.judge), scratch, bench, options);
    const date = new Date().toISOString().slice(0, 16).replace('T', ' ');
    const head = `${['scripts/bench', ...words].join(' ')}    (${date} UTC)`.replaceAll(`${root}/`, '');
    for (const [workload, text] of printed) {
      writeFileSync(judgedFile(workload), `${head}\n\n${text.trim().replaceAll(`${root}/`, '')}\n`);
    }
    return;
  }
  const lines: string[] = [];
  const log = (line: string) => {
    lines.push(line);
    console.error(line);
  };
  const results = await measure(options, words, log);
  const tables = reportTables(results);
  for (const text of tables) console.log(`\n${text}`);
  writeFileSync(`${bench}/results.json`, `${JSON.stringify(results, null, 1)}\n`);
  console.error('\nwritten: build/bench/results.json');
  if (!options.writeDocs) return;
  writeFileSync(`${root}/docs/benchmarks.md`, benchmarksDocument(results, lines.join('\n')));
  console.error('written: docs/benchmarks.md');
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
