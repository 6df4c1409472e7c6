import type { DataStore } from '../../state/data-store.ts';
import type { PickedFile } from '../../state/picked-files.ts';
import { DropZone } from '../parts/drop-zone.tsx';
import { canPickFolders, FilePicker } from '../parts/file-picker.tsx';
import { FolderIcon, PhotoIcon, SparkIcon, ZipIcon } from '../parts/icons.tsx';
import { PhotoPile } from './photo-pile.tsx';

/** Where photos come in: dropped, chosen, or drawn. Smaller once there are photos. */
export function SourceZone(props: { data: DataStore; compact: boolean; onFiles: (files: PickedFile[]) => void }) {
  const { onFiles, compact } = props;
  return (
    <DropZone label="Bring photos" class={compact ? 'is-compact' : ''} onFiles={onFiles}>
      {!compact && <PhotoPile />}
      <div class="drop-words">
        <h2>{compact ? 'Other photos?' : 'Drop a zip or a folder of photos here'}</h2>
        <p class="quiet">
          {compact
            ? 'Drop them anywhere here. What you have now stays until the new photos are read.'
            : 'or single photos, and say what they show'}
        </p>
      </div>
      <div class="button-row">
        <FilePicker primary={!compact} accept=".zip,application/zip" multiple onPick={onFiles}>
          <ZipIcon size={20} /> Choose a zip
        </FilePicker>
        {canPickFolders && (
          <FilePicker folder onPick={onFiles}>
            <FolderIcon size={20} /> Choose a folder
          </FilePicker>
        )}
        <FilePicker accept="image/*,.heic,.heif" multiple onPick={onFiles}>
          <PhotoIcon size={20} /> Choose photos
        </FilePicker>
        <button
          type="button"
          class={compact ? 'button' : 'button button-soft'}
          onClick={() => void props.data.openExample()}
        >
          <SparkIcon size={20} /> Try an example
        </button>
      </div>
    </DropZone>
  );
}
