import { parentPort } from 'node:worker_threads';
import { serveDecoder } from '../workers/serve-decoder.ts';
import { nodePort } from './node-port.ts';

if (parentPort !== null) serveDecoder(nodePort(parentPort));
