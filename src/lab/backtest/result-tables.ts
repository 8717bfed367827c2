import type { BacktestResult } from './backtest';

export interface ResultTable {
  readonly title: string;
  /** Its heads first. */
  readonly rows: readonly (readonly string[])[];
}

/** The result for a reader: a line a model, a tail, a tail over all assets, a haircut. */
export function resultTables({ volatility, tails, pooled, haircuts }: BacktestResult): ResultTable[] {
  return [
    {
      title: 'volatility',
      rows: [
        ['asset', 'horizon', 'model', 'n', 'QLIKE', 'DM vs garch', 'DM vs ewma', 'MZ slope', 'MCS p'],
        ...volatility.map((row) => [
          row.asset,
          row.horizon,
          row.model,
          String(row.n),
          row.qlike.toFixed(4),
          row.dmVsGarch?.toFixed(2) ?? '',
          row.dmVsEwma?.toFixed(2) ?? '',
          row.mzSlope.toFixed(2),
          row.mcsP.toFixed(3),
        ]),
      ],
    },
    {
      title: 'tails',
      rows: [
        [
          'asset',
          'horizon',
          'model',
          'side',
          'level',
          'n',
          'breaches',
          'Kupiec p',
          'CC p',
          'DQ p',
          'light',
          'Z2',
          'FZ0',
        ],
        ...tails.map((row) => [
          row.asset,
          row.horizon,
          row.model,
          row.side,
          String(row.level),
          String(row.n),
          String(row.breaches),
          row.kupiecP.toFixed(3),
          row.ccP.toFixed(3),
          row.dqP.toFixed(3),
          row.light,
          row.z2.toFixed(2),
          row.fz0.toFixed(3),
        ]),
      ],
    },
    {
      title: 'tails of all assets',
      rows: [
        ['horizon', 'model', 'side', 'level', 'n', 'breaches', 'Kupiec p', 'in band', 'CC in band'],
        ...pooled.map((row) => [
          row.horizon,
          row.model,
          row.side,
          String(row.level),
          String(row.n),
          String(row.breaches),
          row.kupiecP.toFixed(3),
          `${Math.round(100 * row.kupiecAccepted)} %`,
          `${Math.round(100 * row.ccAccepted)} %`,
        ]),
      ],
    },
    {
      title: 'haircuts',
      rows: [
        ['asset', 'horizon', 'kind', 'mean', 'peak', 'trough', 'ratio', '1d rise', '5d', '30d', 'cost', 'exceeded'],
        ...haircuts.map((row) => [
          row.asset,
          row.horizon,
          row.kind,
          row.mean.toFixed(4),
          row.peak.toFixed(4),
          row.trough.toFixed(4),
          row.peakToTrough.toFixed(2),
          row.rise1d.toFixed(2),
          row.rise5d.toFixed(2),
          row.rise30d.toFixed(2),
          `${(100 * row.cost).toFixed(1)} %`,
          `${(100 * row.exceeded).toFixed(2)} %`,
        ]),
      ],
    },
  ];
}

/** Tables for a terminal, each under its title. */
export function tablesAsText(tables: readonly ResultTable[]): string {
  return tables.map(({ title, rows }) => `${title}\n${aligned(rows)}\n`).join('');
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
