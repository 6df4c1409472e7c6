// What the engine host needs from where it runs; tests give their own.
import { relaxedSimd } from 'wasm-feature-detect';
import { importFactory } from './load-module.ts';
import { ownBytes } from './own-bytes.ts';
import type { EngineModule, ModuleFactory } from './module-types.ts';

export interface EngineEnvironment {
  importEngine(wasmUrl: string, file: string): Promise<ModuleFactory<EngineModule>>;
  hasRelaxedSimd(): Promise<boolean>;
  /** Shared memory can be made and handed to workers. */
  readonly isolated: boolean;
  readonly ios: boolean;
  readonly cores: number;
  now(): number; // milliseconds
  /** Lets messages in. Not a timer: timers are throttled in hidden tabs. */
  pause(): Promise<void>;
  /** Hexadecimal; '' where the platform has no crypto (a page that is not secure). */
  sha256(bytes: Uint8Array): Promise<string>;
}

/** A browser's worker or Node. */
export function platformEnvironment(): EngineEnvironment {
  const scope = globalThis as { crossOriginIsolated?: boolean };
  return {
    importEngine: (wasmUrl, file) => importFactory<EngineModule>(wasmUrl, file),
    hasRelaxedSimd: () => relaxedSimd(),
    isolated: (scope.crossOriginIsolated ?? true) && canShareMemory(),
    ios: /iPhone|iPad|iPod/u.test(globalThis.navigator?.userAgent ?? ''),
    cores: globalThis.navigator?.hardwareConcurrency ?? 1,
    now: () => performance.now(),
    pause: immediatePause() ?? messagePause(),
    sha256,
  };
}

function canShareMemory(): boolean {
  try {
    return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer instanceof SharedArrayBuffer;
  } catch {
    return false;
  }
}

/** Node: there a port is read until it is empty, so that messages to oneself would keep all others out. */
function immediatePause(): (() => Promise<void>) | null {
  const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => unknown };
  return setImmediate === undefined ? null : () => new Promise((resolve) => void setImmediate(resolve));
}

function messagePause(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}

async function sha256(bytes: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return '';
  const digest = await crypto.subtle.digest('SHA-256', ownBytes(bytes)); // shared memory is refused
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
