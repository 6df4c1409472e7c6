import { classColor } from './class-colors.ts';
import { formatCount, formatPercent } from './format.ts';
import { levelOf, shareOf } from './scales.ts';

export interface Cell {
  truth: number;
  predicted: number;
}

const LEVELS = 6;

/**
 * Rows are what a photo is, columns what the model called it. A real table of buttons: readable aloud, usable by keyboard.
 * Shades are shares of the row, so that a small class shows its mistakes as clearly as a large one.
 */
export function ConfusionMatrix(props: {
  title: string;
  classes: string[];
  confusion: number[][];
  selected: Cell | null;
  onSelect: (cell: Cell) => void;
  /** id of the element that shows the photos of the selected cell. */
  controls: string;
}) {
  const { classes, confusion, selected } = props;
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={props.title}>
      <table class="confusion">
        <caption class="visually-hidden">
          {props.title}. Rows: what the photo is. Columns: what the model called it.
        </caption>
        <thead>
          <tr>
            <th scope="col" class="confusion-corner confusion-sticky">
              <span>it is ↓</span> <span>called →</span>
            </th>
            {classes.map((name, index) => (
              <th key={index} scope="col" class="confusion-column">
                <span>
                  <i class={`swatch ${classColor(index)}`} aria-hidden="true" />
                  {name}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, truth) => {
            const row = confusion[truth] ?? [];
            const total = row.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={truth}>
                <th scope="row" class="confusion-row confusion-sticky">
                  <span>
                    <i class={`swatch ${classColor(truth)}`} aria-hidden="true" />
                    <span class="clip" title={name}>
                      {name}
                    </span>
                  </span>
                </th>
                {classes.map((other, predicted) => {
                  const count = row[predicted] ?? 0;
                  const share = shareOf(count, total);
                  const pressed = selected?.truth === truth && selected.predicted === predicted;
                  return (
                    <td key={predicted}>
                      <button
                        type="button"
                        class={`cell ${truth === predicted ? 'cell-right' : 'cell-wrong'} cell-level-${levelOf(share, LEVELS)}`}
                        aria-pressed={pressed}
                        aria-controls={props.controls}
                        aria-label={cellName(name, other, count, share, truth === predicted)}
                        onClick={() => props.onSelect({ truth, predicted })}
                      >
                        {formatCount(count)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function cellName(truth: string, predicted: string, count: number, share: number, right: boolean): string {
  const photos = `${formatCount(count)} ${count === 1 ? 'photo' : 'photos'} of ${truth}`;
  const part = `${formatPercent(share)} of them`;
  return right ? `${photos} called ${predicted}, rightly: ${part}` : `${photos} called ${predicted}: ${part}`;
}
