import { formatCount, formatNumberOf } from '../../charts/format.ts';
import { shareOf } from '../../charts/scales.ts';
import type { Dataset } from '../../state/dataset.ts';

export function PhotoSizes({ dataset }: { dataset: Dataset }) {
  const { sizes, size, fit } = dataset;
  const most = Math.max(0, ...sizes.map(({ count }) => count));
  const [only] = sizes;
  return (
    <section class="card" aria-labelledby="sizes-title">
      <h2 id="sizes-title">How large they are</h2>
      {only && sizes.length === 1 ? (
        <p>
          All {formatNumberOf(only.count, 'photo')} are{' '}
          <strong class="tabular">{`${only.width} × ${only.height}`}</strong> pixels.
        </p>
      ) : (
        <table class="size-table">
          <caption class="visually-hidden">Photos by size in pixels, most frequent first</caption>
          <thead class="visually-hidden">
            <tr>
              <th scope="col">Width × height</th>
              <th scope="col">Photos</th>
            </tr>
          </thead>
          <tbody>
            {sizes.map(({ width, height, count }) => (
              <tr key={`${width}x${height}`}>
                <th scope="row" class="tabular">{`${width} × ${height}`}</th>
                <td class="tabular">
                  <span class="size-track" aria-hidden="true">
                    <span style={{ transform: `scaleX(${shareOf(count, most)})` }} />
                  </span>
                  {formatCount(count)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="quiet">
        Each is {fit === 'crop' ? 'cut to its middle square' : 'squeezed to a square'} and shrunk to {size} × {size} for
        training. The originals are left as they are.
      </p>
    </section>
  );
}
