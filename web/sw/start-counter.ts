// Counts page loads that never reported a start. A stored version that cannot start would otherwise come back from the
// cache for ever, out of reach of any repair on the host (w3c/ServiceWorker #1695).

const maxFailedStarts = 3;

/** The number lives in its own cache: a service worker is stopped between loads and has no other simple storage. */
export class StartCounter {
  private readonly name: string;

  constructor(scope: string) {
    this.name = `sortlab-starts-${scope}`;
  }

  async begin(): Promise<void> {
    const count = await this.count();
    await (await caches.open(this.name)).put('count', new Response(String(count + 1)));
  }

  async reset(): Promise<void> {
    await caches.delete(this.name);
  }

  async tooManyFailed(): Promise<boolean> {
    return (await this.count()) >= maxFailedStarts;
  }

  private async count(): Promise<number> {
    const stored = await (await caches.open(this.name)).match('count');
    return stored ? Number(await stored.text()) : 0;
  }
}
