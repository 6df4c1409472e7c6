// An example module of two classes whose pictures hold one byte: the seed and the index.
import type { ExampleModule } from '../../../web/workers/module-types.ts';
import { fail } from './fake-engine.ts';

export class FakeExample implements ExampleModule {
  classes(): string[] {
    return ['ball', 'cup'];
  }
  draw(seed: number, label: number, index: number, size: number, into: Uint8Array): ReturnType<ExampleModule['draw']> {
    if (size > 1024) return fail('invalid-argument', 'The size must be at most 1,024.');
    into.fill(seed + index);
    return `${label}:${index}`;
  }
}
