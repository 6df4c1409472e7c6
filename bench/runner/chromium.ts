// The system's own Chromium, quiet: for measurements and for the tests of the page.
import { existsSync } from 'node:fs';

const places = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) => [
  `/usr/bin/${name}`,
  `/snap/bin/${name}`,
]);

export const executablePath = process.env['SORTLAB_CHROMIUM'] ?? places.find((path) => existsSync(path)) ?? 'chromium';

export const quietArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
