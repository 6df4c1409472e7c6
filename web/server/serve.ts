// A static server for dist/, run by Node itself: node web/server/serve.ts --root dist --port 8080 [--host 127.0.0.1] [--plain]
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { startServer } from './static-server.ts';

const usage = 'usage: node web/server/serve.ts [--root dist] [--port 8080] [--host 127.0.0.1] [--plain]';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', default: 'dist' },
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      plain: { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port} is not a port`);
  const server = await startServer({ root: values.root, port, host: values.host, plain: values.plain });
  // The address, and nothing else, goes to stdout.
  console.log(server.url);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.error(usage);
    process.exitCode = 1;
  });
}
