import { eventPort } from '../shared/ports.ts';
import { serveSourceReader } from './serve-source-reader.ts';

serveSourceReader(eventPort(self));
