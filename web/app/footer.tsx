import { engineLine } from '../state/engine-line.ts';
import type { Store } from '../state/store.ts';

/** Written in by the build. */
declare const __BUILD_ID__: string | undefined;
const build = typeof __BUILD_ID__ === 'string' ? __BUILD_ID__ : 'development';

export function Footer({ store }: { store: Store }) {
  return (
    <footer class="footer">
      <p data-testid="engine">
        {store.studios.problem.value === '' ? engineLine(store.studios.info.value) : 'No engine.'}
      </p>
      <p>
        Sortlab, build {build} ·{' '}
        <a href="./third-party-notices.txt" target="_blank" rel="noopener">
          Third-party notices
        </a>
      </p>
    </footer>
  );
}
