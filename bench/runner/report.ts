// The results in words and tables: for the terminal and for docs/benchmarks.md.
import type { ContestResult, Row } from './contest.ts';
import type { KernelReport } from './kernels.ts';
import type { Machine } from './machine.ts';
import type { ReturnResult } from './second-visit.ts';
import type { Size } from './sizes.ts';
import { digits, table } from './table.ts';

export interface Results {
  command: string;
  /** ISO 8601, UTC. */
  date: string;
  machine: Machine;
  rounds: number;
  seconds: number;
  contests: ContestResult[];
  returns: ReturnResult[];
  sizes: Size[];
  kernels: KernelReport[];
  /** What the external judge printed last, work by work, where it was ever started. */
  judged: string[];
}

function contestTable({ name, title, unit, flops, rows }: ContestResult): string {
  const head = ['contestant', unit, 'min', 'max', 'direct GFLOP/s', 'times the best peer', 'calls', 'others, cores'];
  const cells = rows.map((row) =>
    row.error === undefined
      ? [row.name, row.median, row.min, row.max, digits(row.gflops, 3), ratio(row.timesPeer), String(row.calls)].concat(
          Number.isFinite(row.foreignCores) ? row.foreignCores.toFixed(2) : '–',
        )
      : [`${row.name}: ${row.error}`, '–', '–', '–', '–', '–', '–', '–'],
  );
  return `${name}: ${title}; ${digits(flops / 1e6)} MFLOP each\n\n${table(head, cells)}`;
}

const ratio = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(2)}x` : '–');

function returnTable(returns: readonly ReturnResult[]): string {
  const head = ['contestant', 'first visit, ms', 'second visit, ms', 'min', 'max'];
  const rows = returns.map((r) => [r.name, r.firstMs, r.secondMs, r.secondMin, r.secondMax]);
  return `Navigation to the first prediction of the notebook's network\n\n${table(head, rows)}`;
}

function sizeTable(sizes: readonly Size[]): string {
  const rows = sizes.map((size) => [size.name, size.wasmKiB.toFixed(1), size.javascriptKiB.toFixed(1)]);
  return `Download, gzip -9\n\n${table(['module', 'wasm, KiB', 'JavaScript, KiB'], rows)}`;
}

function kernelTable({ variant, threads, peak_gflops: peak, kernels, errors }: KernelReport): string {
  const computing = kernels.filter(({ bytes }) => bytes === 0);
  const rows = computing.map(({ name, flop, best_ms: best, median_ms: median }) => {
    const gflops = flop / best / 1e6;
    const share = `${Math.round((100 * gflops) / peak)} %`;
    return [name, (flop / 1e6).toFixed(1), best.toFixed(3), median.toFixed(3), gflops.toFixed(1), share];
  });
  const title = `Kernels, ${variant}, threads: ${threads}; peak of multiply-add ${peak.toFixed(1)} GFLOP/s`;
  const streams = kernels
    .filter(({ bytes }) => bytes > 0)
    .map(({ name, bytes, best_ms: best, median_ms: median }) => {
      return [name, (bytes / 1e6).toFixed(2), best.toFixed(3), median.toFixed(3), (bytes / best / 1e6).toFixed(1)];
    });
  const speeds = [
    table(['kernel', 'MFLOP', 'best ms', 'median ms', 'GFLOP/s', 'of the peak'], rows),
    table(['kernel that memory limits', 'MB', 'best ms', 'median ms', 'GB/s'], streams),
  ].join('\n\n');
  if (threads > 1) return `${title}\n\n${speeds}`;
  const exactness = errors.map(({ name, relative_error: error }) => [name, error.toExponential(1)]);
  return `${title}\n\n${speeds}\n\n${table(['convolution', 'max error / max reference'], exactness)}`;
}

export function reportTables(results: Results): string[] {
  return [
    ...results.contests.map(contestTable),
    ...(results.returns.length > 0 ? [returnTable(results.returns)] : []),
    ...(results.sizes.length > 0 ? [sizeTable(results.sizes)] : []),
    ...results.kernels.map(kernelTable),
  ];
}

const machineLine = ({ processor, cores, memoryGiB, system, node, browser }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, ${browser} headless, Node ${node}`;

/** The ratios that a reader looks for first. */
function summaryTable(contests: readonly ContestResult[]): string {
  const rows = contests.flatMap(({ name, unit, rows: all }) =>
    [1, 2].map((threads) => {
      const find = (label: string) => all.find((row) => row.name === `${label}, ${threads}t`);
      const [relaxed, simd, worker] = [
        find('sortlab relaxed'),
        find('sortlab simd'),
        find('sortlab relaxed in a worker'),
      ];
      const peers = all.filter((row) => row.library !== 'sortlab' && row.threads === threads && row.scores.length > 0);
      const best = peers.sort((a, b) => (unit === 'ms' ? a.median - b.median : b.median - a.median))[0];
      const figure = (row: Row | undefined) => (row === undefined ? '–' : digits(row.median));
      return [
        name,
        String(threads),
        unit,
        figure(relaxed),
        figure(worker),
        figure(simd),
        best === undefined ? 'none' : `${digits(best.median)} (${best.name.split(',')[0]})`,
        ratio(relaxed?.timesPeer ?? NaN),
        ratio(simd?.timesPeer ?? NaN),
      ];
    }),
  );
  const head = [
    'work',
    'threads',
    'unit',
    'relaxed',
    'in a worker',
    'simd',
    'best peer',
    'relaxed / peer',
    'simd / peer',
  ];
  return table(head, rows);
}

const reading = `## How to read this

- Every figure comes from one run on the machine named above. Compare figures of one table with each other; on another machine expect
  the ratios to stay and the figures to move.
- \`W1\` and \`W1s\` train the network of the Keras notebook (three convolutions, three dense layers, dropout) with Adam on a batch of 32
  and end a call when the loss is known. \`W2\` and \`W3\` classify one picture and end when the probabilities are in JavaScript. \`W4\` is
  one matrix product of two tensors that the library already holds, of which sortlab shows the result as a view of its memory and the
  others as a copy (4 MB); here by one level of Strassen's method, for which
  no layer of the engine is large enough, counted as the plain product, which the tables of kernels show beside it.
- GFLOP/s count the plain computation. A method that multiplies less (Winograd, gradients skipped where pooling or ReLU made them
  zero) can therefore show more than the processor's peak.
- In contests each figure is the median over rounds of the median over a visit's calls; \`min\` and \`max\` are the lowest and highest round. A visit
  is a fresh Chromium. Rounds alternate the order, each visit waits for other programs to go quiet and is repeated when they disturbed
  it; \`others, cores\` is what they used at worst. "times the best peer" is taken within each round, against the fastest other library
  with as many threads.
- All libraries work in the page itself, on its main thread and on the workers that they start. The application has its engine in a
  worker, so that the page stays alive; "in a worker" measures that. One message there and one back take some 0.3 ms. On two
  threads a visit to \`W3\` may be slow from its first call to its last, by a quarter or more, in the page and in a worker, while no
  other program runs in this machine; what others do on the same processor cannot be seen from here.
- \`relaxed\` uses relaxed SIMD (fused multiply-add), which Chromium and Firefox have; \`simd\` runs everywhere. The page chooses.
- The peers are TensorFlow.js (wasm backend, told of enough cores to take the threads that it is given) and onnxruntime-web (wasm).
  Only one trains this network on wasm, the training build of onnxruntime-web, which ended with 1.19; its graphs, which come from a
  Python package otherwise, are written by bench/runner/onnx-training.ts. TensorFlow.js lacks the gradient of a convolution there. All
  learn the same kind of batch, and a contestant whose loss is not lower from its tenth step on fails. \`scripts/bench --judge DIR\` measures beside
  another program with more peers.
- A second visit opens the benchmarks' page, which holds the contestant and nothing of the application, again in the same browser
  profile, from a server that allows ten minutes of caching. Weights are drawn at
  random, as in TensorFlow.js; onnxruntime-web reads them from its model file.
- The kernels run under Node, one at a time on one thread; with more threads each runs the same kernel at the same time on data of its
  own. GFLOP/s, GB/s and "of the peak", the share of multiply-adds between registers in the same run, are of the fastest call; the
  median call stands beside it. Rows "method, ..." are every way of computing one layer, of which the engine takes the chosen one.
`;

function judgedSection({ judged }: Results): string {
  if (judged.length === 0) return '';
  return `## Beside more libraries, native ones among them

What \`scripts/bench --judge\` printed last for each work: the same works, measured by another program that brings peers of its own (patched so that
they train where they cannot, and native Keras and PyTorch where \`PEERS_PYTHON\` names an interpreter that has them). \`ours\` is this
engine; ratios are against the first contestant.

${judged.map((text) => `\`\`\`text\n${text}\n\`\`\``).join('\n\n')}

`;
}

/** `output`: what the run has printed beside the tables. */
export function benchmarksDocument(results: Results, output: string): string {
  const date = results.date.slice(0, 16).replace('T', ' ');
  return `# Benchmarks

    ${results.command}

Run on ${date} UTC: ${machineLine(results.machine)}; rounds: ${results.rounds}; each visit
times ${results.seconds} s of calls.

${summaryTable(results.contests)}

${reading}
## All tables

${reportTables(results)
  .map((text) => text.replace(/^(.*)\n/, '### $1\n'))
  .join('\n\n')}

${judgedSection(results)}## What the run said on its way

    ${results.command}

\`\`\`text
${output.trim()}
\`\`\`
`;
}
