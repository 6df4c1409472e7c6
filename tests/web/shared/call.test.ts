import { describe, expect, it, vi } from 'vitest';
import { connect, fromWireError, serve, toWireError } from '../../../web/shared/call.ts';
import { eventPort } from '../../../web/shared/ports.ts';
import { SortlabError, type Call, type Handlers, type Port } from '../../../web/shared/protocol.ts';

type TestApi = {
  add: Call<{ a: number; b: number }, number>;
  count: Call<{ to: number }, string, number>;
  wait: Call<Record<string, never>, string>;
  fail: Call<{ how: 'sentence' | 'coded' | 'plain' | 'text' }, never>;
  take: Call<{ bytes: Uint8Array }, Uint8Array>;
};

function pair(handlers: Partial<Handlers<TestApi>>) {
  const { port1, port2 } = new MessageChannel();
  const messages: unknown[] = [];
  const near = eventPort(port1);
  const recording: Port = { ...near, onMessage: (listener) => near.onMessage((m) => (messages.push(m), listener(m))) };
  serve<TestApi>(eventPort(port2), handlers as Handlers<TestApi>);
  return { client: connect<TestApi>(recording), messages, close: () => port1.close() };
}

const errorOf = async (promise: Promise<unknown>): Promise<SortlabError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: SortlabError) => error,
  );

describe('calls', () => {
  it('gives each call its own answer, whatever the order they end in', async () => {
    const releases: (() => void)[] = [];
    const { client, close } = pair({
      add: async ({ a, b }) => {
        await new Promise<void>((resolve) => releases.push(resolve));
        return a + b;
      },
    });
    const answers = [client.call('add', { a: 1, b: 2 }), client.call('add', { a: 10, b: 20 })];
    await vi.waitFor(() => expect(releases).toHaveLength(2));
    releases[1]?.();
    expect(await answers[1]).toBe(30);
    releases[0]?.();
    expect(await answers[0]).toBe(3);
    close();
  });

  it('delivers progress in order, all of it before the result', async () => {
    const { client, close } = pair({
      count: ({ to }, context) => {
        for (let value = 1; value <= to; value++) context.progress(value);
        setTimeout(() => context.progress(99), 0); // after the end: dropped
        return 'done';
      },
    });
    const seen: number[] = [];
    expect(await client.call('count', { to: 3 }, { onProgress: (value) => seen.push(value) })).toBe('done');
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen).toEqual([1, 2, 3]);
    close();
  });

  it('rebuilds errors with code, sentence and subject', async () => {
    const { client, close } = pair({
      fail: ({ how }) => {
        if (how === 'sentence') throw new SortlabError('truncated', '“a.jpg” is cut off.', 'a.jpg');
        if (how === 'coded') throw Object.assign(new Error('Too big.'), { code: 'too-large', subject: 'x' });
        if (how === 'plain') throw new TypeError('x is undefined');
        throw 'a text';
      },
    });
    const sentence = await errorOf(client.call('fail', { how: 'sentence' }));
    expect(sentence).toBeInstanceOf(SortlabError);
    expect([sentence.code, sentence.message, sentence.subject]).toEqual(['truncated', '“a.jpg” is cut off.', 'a.jpg']);
    expect((await errorOf(client.call('fail', { how: 'coded' }))).code).toBe('too-large');
    const plain = await errorOf(client.call('fail', { how: 'plain' }));
    expect([plain.code, plain.message]).toEqual(['internal', 'Something went wrong inside Sortlab: x is undefined']);
    expect((await errorOf(client.call('fail', { how: 'text' }))).message).toContain('a text');
    close();
  });

  it('answers unknown methods, those of the prototype too', async () => {
    const { client, close } = pair({});
    for (const method of ['add', 'toString', '__proto__', 'constructor']) {
      const error = await errorOf(client.call(method as 'add', { a: 1, b: 1 }));
      expect(error.code, method).toBe('invalid-argument');
    }
    close();
  });

  it('cancels by signal: the method sees it, its answer is the answer', async () => {
    const { client, close } = pair({
      wait: (_, context) =>
        new Promise((_resolve, reject) => {
          context.onCancel(() => {
            try {
              context.throwIfCancelled();
            } catch (error) {
              reject(error as Error);
            }
          });
        }),
      count: async (_, context) => {
        while (!context.cancelled) await new Promise((resolve) => setTimeout(resolve, 1));
        return 'half';
      },
    });
    const stop = new AbortController();
    const waiting = errorOf(client.call('wait', {}, { signal: stop.signal }));
    const counting = client.call('count', { to: 1 }, { signal: stop.signal });
    stop.abort();
    expect((await waiting).code).toBe('cancelled');
    expect(await counting).toBe('half');
    expect((await errorOf(client.call('wait', {}, { signal: stop.signal }))).code).toBe('cancelled');
    close();
  });

  it('calls a cancel listener at once when the caller has given up before', async () => {
    const { client, close } = pair({
      wait: async (_, context) => {
        while (!context.cancelled) await new Promise((resolve) => setTimeout(resolve, 1));
        return new Promise((resolve) => context.onCancel(() => resolve('late')));
      },
    });
    const stop = new AbortController();
    const waiting = client.call('wait', {}, { signal: stop.signal });
    stop.abort();
    expect(await waiting).toBe('late');
    close();
  });

  it('rejects what is pending and what comes later when the other side is gone', async () => {
    const { client, close } = pair({ wait: () => new Promise(() => undefined) });
    const pending = errorOf(client.call('wait', {}));
    client.stop('The worker died.');
    for (const error of [await pending, await errorOf(client.call('add', { a: 1, b: 1 }))]) {
      expect([error.code, error.message]).toEqual(['worker-stopped', 'The worker died.']);
    }
    close();
  });

  it('hands buffers over in both directions', async () => {
    const { client, close } = pair({
      take: ({ bytes }, context) => {
        context.transfer(bytes.buffer);
        return bytes;
      },
    });
    const bytes = new Uint8Array([1, 2, 3]);
    const back = await client.call('take', { bytes }, { transfer: [bytes.buffer] });
    expect([...back]).toEqual([1, 2, 3]);
    expect(bytes.byteLength).toBe(0);
    close();
  });

  it('reports params that cannot be sent', async () => {
    const { client, close } = pair({});
    const error = await errorOf(client.call('add', { a: (() => 1) as unknown as number, b: 1 }));
    expect(error.code).toBe('internal');
    close();
  });
});

describe('errors on the wire', () => {
  it('keeps known codes only', () => {
    expect(toWireError(Object.assign(new Error('x'), { code: 'ENOENT' })).code).toBe('internal');
    expect(fromWireError(toWireError(new SortlabError('diverged', 'x', 'y'))).subject).toBe('y');
    const skipped = [{ path: 'a/1.jpg', reason: 'damaged', detail: '“a/1.jpg” is damaged.' }] as const;
    expect(fromWireError(toWireError(new SortlabError('invalid-data', 'x', 'y', skipped))).skipped).toEqual(skipped);
    expect(fromWireError(toWireError(new SortlabError('invalid-data', 'x'))).skipped).toEqual([]);
  });
});
