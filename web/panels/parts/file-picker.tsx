import type { ComponentChildren } from 'preact';
import type { PickedFile } from '../../state/picked-files.ts';

/** A button that opens the system's file chooser: a real file input, reached by keyboard and by its label. */
export function FilePicker(props: {
  children: ComponentChildren;
  onPick: (files: PickedFile[]) => void;
  accept?: string;
  multiple?: boolean;
  folder?: boolean;
  primary?: boolean;
  disabled?: boolean;
}) {
  const pick = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    const files = [...(input.files ?? [])];
    // The same file can then be chosen twice in a row.
    input.value = '';
    if (files.length > 0) props.onPick(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  };
  const folder = props.folder ? { webkitdirectory: true } : {};
  return (
    <label class={`button ${props.primary ? 'button-primary' : ''}`}>
      <input
        type="file"
        class="file-input"
        accept={props.accept}
        multiple={props.multiple ?? false}
        disabled={props.disabled ?? false}
        onChange={pick}
        {...folder}
      />
      {props.children}
    </label>
  );
}

/** Phones have no folder chooser worth showing. */
export const canPickFolders =
  typeof document !== 'undefined' &&
  'webkitdirectory' in document.createElement('input') &&
  matchMedia('(hover: hover)').matches;
