import { classColor } from '../../charts/class-colors.ts';
import { formatCount, formatPercent } from '../../charts/format.ts';
import type { ClassScore } from '../../shared/engine-types.ts';
import type { Evaluation } from '../../state/evaluate-store.ts';

/** Precision, recall, F1 and support of each class, each word beside what it means. */
export function ScoreTable({ evaluation }: { evaluation: Evaluation }) {
  const { classes, perClass, macro, weighted } = evaluation;
  const example = classes[0] ?? 'a class';
  return (
    <section class="card" aria-labelledby="scores-title">
      <h2 id="scores-title">Class by class</h2>
      <div class="scroll-x" tabIndex={0} role="region" aria-label="Scores of each class">
        <table class="numbers scores">
          <caption class="visually-hidden">Precision, recall, F1 and support of each class</caption>
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">Precision</th>
              <th scope="col">Recall</th>
              <th scope="col">F1</th>
              <th scope="col">Support</th>
            </tr>
          </thead>
          <tbody>
            {classes.map((name, index) => (
              <Row key={name} name={name} score={perClass[index]} color={classColor(index)} />
            ))}
          </tbody>
          <tfoot>
            <Row name="Macro average" score={macro} />
            <Row name="Weighted average" score={weighted} />
          </tfoot>
        </table>
      </div>
      <dl class="words">
        <div>
          <dt>Precision</dt>
          <dd>
            Of what it called <em class="untrusted">{example}</em>, the share that was. Low: it calls too much by that
            name.
          </dd>
        </div>
        <div>
          <dt>Recall</dt>
          <dd>
            Of what was <em class="untrusted">{example}</em>, the share it found. Low: it misses many.
          </dd>
        </div>
        <div>
          <dt>F1</dt>
          <dd>Both in one number, nearer to the lower: high only when both are.</dd>
        </div>
        <div>
          <dt>Support</dt>
          <dd>How many photos of this class were asked about. Few photos: trust the row less.</dd>
        </div>
        <div>
          <dt>Macro average</dt>
          <dd>Each class counts the same, however few photos it has.</dd>
        </div>
        <div>
          <dt>Weighted average</dt>
          <dd>Each photo counts the same, so large classes weigh more.</dd>
        </div>
      </dl>
    </section>
  );
}

function Row(props: { name: string; score: ClassScore | undefined; color?: string }) {
  const { score } = props;
  return (
    <tr>
      <th scope="row">
        {props.color !== undefined && <i class={`swatch ${props.color}`} aria-hidden="true" />}
        <span class="untrusted">{props.name}</span>
      </th>
      <td>{formatPercent(score?.precision ?? NaN)}</td>
      <td>{formatPercent(score?.recall ?? NaN)}</td>
      <td>{formatPercent(score?.f1 ?? NaN)}</td>
      <td>{formatCount(score?.support ?? NaN)}</td>
    </tr>
  );
}
