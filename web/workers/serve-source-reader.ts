// A source behind a port: the whole of a reading worker.
import { openSource } from '../data/open-source.ts';
import { SkipError, type Source } from '../data/source.ts';
import { serve } from '../shared/call.ts';
import { dataErrors } from '../shared/messages.ts';
import type { Port } from '../shared/protocol.ts';
import type { SourceReaderApi } from './source-reader-api.ts';

const progressMilliseconds = 50;

export function serveSourceReader(port: Port): void {
  let opened: Source | null = null;
  serve<SourceReaderApi>(port, {
    open: async ({ source }, context) => {
      let reported = -Infinity;
      opened = await openSource(source, {
        onProgress: (done, total) => {
          const now = performance.now();
          if (now - reported < progressMilliseconds && done < total) return;
          reported = now;
          context.progress({ done, total });
        },
        throwIfCancelled: () => context.throwIfCancelled(),
      });
      return opened.files;
    },
    read: async ({ index }, context) => {
      if (opened === null) throw dataErrors.nothingOpen();
      try {
        const bytes = await opened.read(index);
        context.transfer(bytes.buffer);
        return { ok: true, bytes };
      } catch (error) {
        if (error instanceof SkipError) return { ok: false, reason: error.reason };
        throw error;
      }
    },
  });
}
