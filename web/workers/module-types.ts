// The built modules as TypeScript sees them. Fallible calls give an Error with `code` and `subject` instead of throwing
// through C++ frames: pass every result through `unwrap`.
import type * as decode from '#wasm/decode';
import type * as core from '#wasm/engine';
import type * as example from '#wasm/example';
import type { Given } from '../shared/emitted.ts';
import type { EngineVariant, RawProgress, TrainSettings } from '../shared/engine-types.ts';

export type Fallible<T> = T | Extract<ReturnType<core.Engine['trainFor']>, Error>;

/** decode.js: untrusted bytes to RGB at training size. Holds nothing else. */
export type DecodeModule = Pick<
  decode.MainModule,
  | 'inspectImage' // (bytes): as stored, before the EXIF turn
  | 'decodeToSquare' // (bytes, size, fit): (size, size, 3)
  | 'resizeToSquare' // (pixels, width, height, channels, size, fit): 3 or 4 channels, alpha over white; (size, size, 3)
  | 'hash' // (bytes): FNV-1a-64, 16 hexadecimal digits
  | 'setArenaBytes' // (bytes)
>;

/** example.js: the pictures of "Try an example", each a function of seed, label and index. */
export type ExampleModule = Pick<
  example.MainModule,
  | 'classes' // (): their names; a label is an index of them
  | 'draw' // (seed, label, index, size, into): fills (size, size, 3); the picture's hash, as decode.js gives a file's
>;

/** As the core's own types, with the words narrowed that a C++ string can be. */
type Worded<T> = string extends T ? string : T extends object ? WordedObject<T> : Given<T>;
type WordedObject<T> = T extends core.TrainSettings
  ? TrainSettings
  : T extends core.RawProgress
    ? RawProgress
    : Given<T>;
type WordedAll<T extends unknown[]> = { [Index in keyof T]: Worded<T[Index]> };

/** One data set, at most one training run, at most one model. delete() frees it all. See wasm/engine_session.hpp. */
export type Engine = {
  [Method in keyof core.Engine]: (
    ...values: WordedAll<Parameters<core.Engine[Method]>>
  ) => Worded<ReturnType<core.Engine[Method]>>;
};

export interface EngineModule {
  Engine: new (...values: ConstructorParameters<core.MainModule['Engine']>) => Engine;
  /** Threaded builds: Emscripten's pool. Its workers outlive the engine, and keep the memory, unless they are ended. */
  PThread?: { terminateAllThreads(): void };
}

/** wasmMemory: a memory of the planned size (else the module makes a growing one). */
export interface ModuleOptions {
  wasmMemory?: WebAssembly.Memory;
  locateFile?: (file: string) => string;
  pthreadPoolSize?: number;
  wasmBinary?: ArrayBuffer;
}

/** The default export of every built module. */
export type ModuleFactory<M> = (options?: ModuleOptions) => Promise<M>;

/** Files below the wasm folder: decode.js, example.js, engine-simd.js, engine-relaxed.js, engine-simd-mt.js, engine-relaxed-mt.js. */
export function engineFile(variant: EngineVariant, threads: boolean): string {
  return `engine-${variant}${threads ? '-mt' : ''}.js`;
}
