import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

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
  const [open, setOpen] = useState(false);
  return (
    <figure class="chart">
      <figcaption class="chart-title">{props.title}</figcaption>
      {props.note !== undefined && <div class="chart-note">{props.note}</div>}
      {props.children}
      <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Show the numbers</summary>
        {/* Hundreds of rows that nobody sees would be drawn again with each new epoch. */}
        {open && <DataTable caption={props.title} table={props.table} />}
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
