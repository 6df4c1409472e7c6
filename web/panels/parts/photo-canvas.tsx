import { useEffect, useRef } from 'preact/hooks';
import type { DataStore } from '../../state/data-store.ts';

const NEAR = '2000px';

/** One photo of the data set as the model sees it. The square is there before the pixels are. */
export function PhotoCanvas(props: { data: DataStore; index: number; label: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { data, index } = props;
  const dataset = data.dataset.value;
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return undefined;
    let current = true;
    const load = () =>
      data.pixels(index).then(
        (pixels) => {
          if (current) paint(canvas, pixels);
        },
        () => undefined, // the empty square stays; whatever lost the photos says so itself
      );
    // A hundred classes are eight hundred photos: only those near the window are asked for.
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        void load();
      },
      { rootMargin: NEAR },
    );
    observer.observe(canvas);
    return () => {
      current = false;
      observer.disconnect();
    };
  }, [data, index, dataset]);
  return <canvas ref={ref} class="photo" role="img" aria-label={props.label} width={1} height={1} />;
}

/** pixels (side, side, 3) RGB bytes onto a canvas of that side. */
export function paint(canvas: HTMLCanvasElement, pixels: Uint8Array): void {
  const side = Math.round(Math.sqrt(pixels.length / 3));
  const context = canvas.getContext('2d');
  if (!context || side === 0) return;
  canvas.width = side;
  canvas.height = side;
  const image = context.createImageData(side, side);
  for (let from = 0, to = 0; from + 2 < pixels.length; from += 3, to += 4) {
    image.data[to] = pixels[from] ?? 0;
    image.data[to + 1] = pixels[from + 1] ?? 0;
    image.data[to + 2] = pixels[from + 2] ?? 0;
    image.data[to + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  canvas.classList.add('is-painted');
}
