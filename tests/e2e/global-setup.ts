import { existsSync } from 'node:fs';
import { writeCameraVideo } from './fixtures/camera-video.ts';

export default function setup(): void {
  if (!existsSync(new URL('../../dist/sw.js', import.meta.url)))
    throw new Error('dist/ is not built: run scripts/build first');
  writeCameraVideo();
}
