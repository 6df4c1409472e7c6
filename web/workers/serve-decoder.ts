// A decoder behind a port: the whole of a decode worker, in a browser and in Node.
import { serve } from '../shared/call.ts';
import { SortlabError, type Port } from '../shared/protocol.ts';
import { browserDecoder } from './browser-decode.ts';
import type { DecodeApi } from './decode-api.ts';
import { loadDecodeModule } from './load-module.ts';
import { PhotoDecoder } from './photo-decoder.ts';

export function serveDecoder(port: Port): void {
  let wasmUrl = '';
  const decoder = new PhotoDecoder(() => {
    if (wasmUrl === '') throw new SortlabError('invalid-argument', 'The decoder has not been started.');
    return loadDecodeModule(wasmUrl);
  }, browserDecoder());
  serve<DecodeApi>(port, {
    start: async (params) => {
      wasmUrl = params.wasmUrl;
      await decoder.start();
    },
    ...decoder.handlers(),
  });
}
