// The kernels by themselves, one thread, under Node: bench_kernels of each variant.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface KernelReport {
  variant: string;
  /** Of multiply-add between registers, what no kernel that computes directly can pass. */
  peak_gflops: number;
  kernels: { name: string; flop: number; best_ms: number; median_ms: number }[];
  errors: { name: string; relative_error: number }[];
}

/** `filter`: part of a kernel's name, '' for all. */
export async function benchKernels(root: string, variant: string, filter: string): Promise<KernelReport> {
  const program = `${root}/build/wasm-${variant}/bench/bench_kernels.cjs`;
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--json', ...(filter ? [filter] : [])], {
    maxBuffer: 2 ** 24,
  });
  return JSON.parse(stdout) as KernelReport;
}
