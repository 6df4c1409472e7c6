import { engineLine } from '../state/engine-line.ts';
import type { Store } from '../state/store.ts';

/** Written in by the build. */
declare const __BUILD_ID__: string | undefined;
const build = typeof __BUILD_ID__ === 'string' ? __BUILD_ID__ : 'development';

export function Footer({ store }: { store: Store }) {
  const problem = store.studios.problem.value;
  return (
    <footer class="footer">
      <p data-testid="engine">{problem === '' ? engineLine(store.studios.info.value) : problem}</p>
      <p>
        Sortlab, build {build} · <a href="./third-party-notices.txt">Third-party notices</a>
      </p>
    </footer>
  );
}
