import { eventPort } from '../shared/ports.ts';
import { serveDecoder } from './serve-decoder.ts';

serveDecoder(eventPort(self));
