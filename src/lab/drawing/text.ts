import type { LabResult } from '../scoring/summary';

/** The composites, the worst errors, the targets and the catalogue as Assay met them, for a terminal. */
export function textOf(result: LabResult): string {
  return [...composites(result), '', ...errors(result), '', ...targets(result), '', ...catalogue(result), ''].join(
    '\n',
  );
}

function composites({ rules }: LabResult): string[] {
  return rules.map(
    ({ rule, composite, low, high, ungated, gatedBy }) =>
      `${rule.padEnd(13)} ${composite.toFixed(1).padStart(5)}  (${low.toFixed(1)} to ${high.toFixed(1)})` +
      (gatedBy.length === 0 ? '' : `  ${ungated.toFixed(1)} but for wrongful liquidations in ${gatedBy.join(', ')}`),
  );
}

function errors({ rules, scenarios }: LabResult): string[] {
  const names = rules.map(({ rule }) => rule);
  const header = `${'worst error, bp'.padEnd(17)}${names.map((name) => name.slice(0, 9).padStart(10)).join('')}`;
  const rows = [...new Set(scenarios.map(({ scenario }) => scenario))].map((scenario) => {
    const cells = names.map((name) => {
      const row = scenarios.find((each) => each.scenario === scenario && each.rule === name);
      return (row === undefined ? '' : brief(row.maxErrorBps)).padStart(10);
    });
    return `${scenario.padEnd(17)}${cells.join('')}`;
  });
  return [header, ...rows];
}

function targets({ targets: rows, pythStretch }: LabResult): string[] {
  const lines = rows.map(
    ({ target, required, seen, met }) => `${verdict(met)}  ${target}: ${seen}, required ${required}`,
  );
  const stretched =
    pythStretch === null ? [] : [`      Pyth's bands times ${pythStretch.toFixed(2)} on the tuning seeds`];
  return [...lines, ...stretched];
}

function catalogue({ catalogue: rows }: LabResult): string[] {
  return rows.map(
    ({ number, fault, shownBy, required, seen, met, why }) =>
      `${String(number).padStart(2)}  ${verdict(met)}  ${fault} [${shownBy}], required ${required}: ` +
      (met === false ? why : seen),
  );
}

function verdict(met: boolean | null): string {
  return met === null ? 'open' : met ? 'met ' : 'FAIL';
}

function brief(value: number): string {
  return value >= 1e5 ? value.toExponential(0) : value.toFixed(1);
}
