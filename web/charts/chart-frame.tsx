import type { ComponentChildren } from 'preact';

export interface ChartTable {
  columns: string[];
  rows: (string | number)[][];
}

/** What every chart has around it: a title that says what it shows, room kept free, and its numbers as a table. */
export function ChartFrame(props: {
  title: string;
  note?: ComponentChildren;
  table: ChartTable;
  children: ComponentChildren;
}) {
  return (
    <figure class="chart">
      <figcaption class="chart-title">{props.title}</figcaption>
      {props.note !== undefined && <div class="chart-note">{props.note}</div>}
      {props.children}
      <details class="chart-table">
        <summary>Show the numbers</summary>
        <DataTable caption={props.title} table={props.table} />
      </details>
    </figure>
  );
}

export function DataTable(props: { caption: string; table: ChartTable }) {
  const { columns, rows } = props.table;
  return (
    <div class="scroll-x" tabIndex={0} role="region" aria-label={`Table: ${props.caption}`}>
      <table class="numbers">
        <caption class="visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, place) =>
                place === 0 ? (
                  <th key={place} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={place}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
