import type { KeyValues } from './small-store.ts';

const KEY = 'test-openings';
const KEPT = 50;

/**
 * How often the test photos of a data set have been looked at. Each look tempts one to tune towards them, so the count
 * is shown beside the result and outlives the page.
 */
export class TestOpenings {
  constructor(private readonly values: KeyValues) {}

  async count(fingerprint: string): Promise<number> {
    return (await this.read()).get(fingerprint) ?? 0;
  }

  /** Returns the count with this one. */
  async add(fingerprint: string): Promise<number> {
    const counts = await this.read();
    const count = (counts.get(fingerprint) ?? 0) + 1;
    counts.delete(fingerprint);
    counts.set(fingerprint, count); // newest last, so that the oldest fall away
    await this.values.set(KEY, [...counts].slice(-KEPT));
    return count;
  }

  private async read(): Promise<Map<string, number>> {
    const stored = await this.values.get(KEY);
    const counts = new Map<string, number>();
    if (!Array.isArray(stored)) return counts;
    for (const entry of stored as unknown[]) {
      if (!Array.isArray(entry)) continue;
      const [name, count] = entry as unknown[];
      if (typeof name === 'string' && typeof count === 'number' && Number.isInteger(count) && count > 0) {
        counts.set(name, count);
      }
    }
    return counts;
  }
}
