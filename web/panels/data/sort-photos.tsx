import { useState } from 'preact/hooks';
import { classColor } from '../../charts/class-colors.ts';
import { formatNumberOf } from '../../charts/format.ts';
import type { PickedFile } from '../../state/picked-files.ts';
import type { Store } from '../../state/store.ts';
import { Message } from '../parts/message.tsx';
import { useObjectUrl } from '../parts/object-url.ts';

const SHOWN = 8;

/** Photos without folders: the person says what they show, handful by handful. */
export function SortPhotos({ store }: { store: Store }) {
  const { collection, data, notices } = store;
  const waiting = collection.waiting.value;
  const classes = collection.classes.value;
  const use = () => {
    void data.openSource(collection.source()).then((done) => {
      if (done) collection.clear();
    });
  };
  return (
    <section class="card" aria-labelledby="sort-photos">
      <h2 id="sort-photos">Your photos, sorted by you</h2>
      {waiting.length > 0 && <NameThem store={store} waiting={waiting} />}
      {classes.length > 0 && (
        <ul class="class-list" aria-label="Your classes">
          {classes.map(({ name, files }, index) => (
            <li key={name}>
              <i class={`swatch ${classColor(index)}`} aria-hidden="true" />
              <span class="class-name untrusted">{name}</span>
              <span class="class-count tabular">{formatNumberOf(files.length, 'photo')}</span>
              <button
                type="button"
                class="button button-quiet"
                aria-label={`Remove ${name}`}
                onClick={() => notices.show(`“${name}” was removed.`, { undo: collection.remove(name) })}
              >
                Remove
              </button>
            </li>
          ))}
        </ul>
      )}
      {waiting.length === 0 && !collection.ready.value && (
        <p class="quiet">
          Now drop or choose photos of something else: two classes are the least there is to tell apart.
        </p>
      )}
      <div class="button-row">
        <button
          type="button"
          class="button button-primary"
          disabled={!collection.ready.value || waiting.length > 0}
          onClick={use}
        >
          Use these photos
        </button>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => notices.show('Your photos were put aside.', { undo: collection.clear() })}
        >
          Start over
        </button>
      </div>
    </section>
  );
}

function NameThem({ store, waiting }: { store: Store; waiting: PickedFile[] }) {
  const [name, setName] = useState('');
  const [problem, setProblem] = useState('');
  const { collection } = store;
  const assign = (given: string) => {
    const said = collection.assign(given);
    setProblem(said);
    if (said === '') setName('');
  };
  return (
    <form
      class="name-them"
      onSubmit={(event) => {
        event.preventDefault();
        assign(name);
      }}
    >
      <ul class="thumb-row" aria-label="Photos that wait for a class">
        {waiting.slice(0, SHOWN).map(({ file }, index) => (
          <li key={index}>
            <FileThumb file={file} />
          </li>
        ))}
        {waiting.length > SHOWN && <li class="quiet tabular">and {waiting.length - SHOWN} more</li>}
      </ul>
      <label class="field">
        <span>
          {waiting.length === 1
            ? 'What does this photo show?'
            : `What do these ${formatNumberOf(waiting.length, 'photo')} show?`}
        </span>
        <input
          type="text"
          value={name}
          maxLength={64}
          autocomplete="off"
          placeholder="glass"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <div class="button-row">
        <button type="submit" class="button button-primary">
          Add to this class
        </button>
        {collection.classes.value.map((one) => (
          <button key={one.name} type="button" class="button" onClick={() => assign(one.name)}>
            Add to “{one.name}”
          </button>
        ))}
      </div>
      {problem !== '' && <Message tone="problem">{problem}</Message>}
    </form>
  );
}

function FileThumb({ file }: { file: File }) {
  const url = useObjectUrl(file);
  const [shown, setShown] = useState(true);
  if (url === undefined) return <span class="photo" />;
  // HEIC and others that this browser does not show; whether they can be read is said once they are used.
  if (!shown) return <span class="photo photo-unseen untrusted">{file.name}: no preview</span>;
  return <img class="photo" src={url} alt={file.name} onError={() => setShown(false)} />;
}
