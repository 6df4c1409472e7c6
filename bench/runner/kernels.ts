// The kernels by themselves, under Node: bench_kernels of each variant, alone and as many at once as there are threads.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface KernelReport {
  variant: string;
  threads: number;
  /** Of multiply-add between registers, of all threads together: what no kernel that computes directly can pass. */
  peak_gflops: number;
  /** `flop` and `bytes` (of kernels that memory limits, otherwise 0) of all threads together, in the time of one. */
  kernels: { name: string; flop: number; bytes: number; best_ms: number; median_ms: number }[];
  errors: { name: string; relative_error: number }[];
}

/**
 * `filter`: part of a kernel's name, '' for all. A kernel runs on one thread; with more, each thread runs the whole bench at
 * the same time on data of its own, as the images of a batch do, so that they contend for memory.
 */
export async function benchKernels(
  root: string,
  variant: string,
  threads: number,
  filter: string,
): Promise<KernelReport> {
  const program = `${root}/build/wasm-${variant}/bench/bench_kernels.cjs`;
  const words = [program, '--json', ...(filter ? [filter] : [])];
  const outputs = await Promise.all(
    Array.from({ length: threads }, () => promisify(execFile)(process.execPath, words, { maxBuffer: 2 ** 24 })),
  );
  const reports = outputs.map(({ stdout }) => JSON.parse(stdout) as Omit<KernelReport, 'threads'>);
  const first = reports[0]!;
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    ...first,
    threads,
    peak_gflops: threads * mean(reports.map((report) => report.peak_gflops)),
    kernels: first.kernels.map(({ name, flop, bytes }, index) => ({
      name,
      flop: threads * flop,
      bytes: threads * bytes,
      best_ms: mean(reports.map((report) => report.kernels[index]!.best_ms)),
      median_ms: mean(reports.map((report) => report.kernels[index]!.median_ms)),
    })),
  };
}
