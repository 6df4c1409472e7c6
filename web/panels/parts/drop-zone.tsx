import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PickedFile } from '../../state/picked-files.ts';
import { droppedFiles } from './dropped-files.ts';

/**
 * Takes files dropped anywhere on the page, so that nobody has to aim and a near miss never makes the browser leave the
 * page for the file. The zone itself lights up to say where they will go.
 */
export function DropZone(props: {
  label: string;
  class?: string;
  onFiles: (files: PickedFile[]) => void;
  children: ComponentChildren;
}) {
  const [over, setOver] = useState(false);
  const { onFiles } = props;
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const hover = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      depth = 0;
      setOver(false);
      if (!event.dataTransfer || !hasFiles(event)) return;
      event.preventDefault();
      void droppedFiles(event.dataTransfer).then(onFiles);
    };
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', hover);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', hover);
      removeEventListener('drop', drop);
    };
  }, [onFiles]);
  return (
    <section class={`drop-zone ${over ? 'is-over' : ''} ${props.class ?? ''}`} aria-label={props.label}>
      {props.children}
    </section>
  );
}
