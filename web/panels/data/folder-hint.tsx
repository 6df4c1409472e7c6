import { FolderIcon } from '../parts/icons.tsx';

const folders = ['glass', 'paper', 'metal'];

/** How photos are laid out, shown rather than told. */
export function FolderHint() {
  return (
    <section class="card" aria-labelledby="folder-hint">
      <h2 id="folder-hint">One folder, one kind of thing</h2>
      <p class="quiet">
        The name of a folder is the name of its class; a zip in place of a folder will do. Twenty photos of each are a
        good beginning.
      </p>
      <ul class="folder-hint" aria-label="Example">
        {folders.map((name, index) => (
          <li key={name}>
            <span class={`folder-mark class-color-${[0, 1, 2][index]}`}>
              <FolderIcon size={20} />
            </span>
            <strong>{name}</strong>
            <span class="quiet tabular">1.jpg, 2.jpg, 3.jpg …</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
