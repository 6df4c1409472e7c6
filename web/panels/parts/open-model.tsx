import { readModelFile } from '../../export/model-file.ts';
import { showName } from '../../shared/names.ts';
import type { Store } from '../../state/store.ts';
import { FilePicker } from './file-picker.tsx';
import { OpenIcon } from './icons.tsx';

/** Opens a model file chosen or dropped; where that works the page goes to Try. */
export async function openModelFile(store: Store, file: File): Promise<void> {
  if (await store.model.open(() => readModelFile(file))) {
    store.notices.show(
      `“${showName(file.name)}” is open. Try it here, or see how it does on photos with known classes in Evaluate.`,
    );
    store.go('try');
  }
}

export function OpenModelButton({ store }: { store: Store }) {
  return (
    <FilePicker
      accept=".safetensors"
      disabled={store.model.busy.value || store.train.phase.value !== 'idle'}
      onPick={([first]) => first && void openModelFile(store, first.file)}
    >
      <OpenIcon size={20} /> Open a model file
    </FilePicker>
  );
}
