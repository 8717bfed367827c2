import type { LabResult } from '../scoring/summary';

/** The composites, and the catalogue as Assay met it, for a terminal. */
export function textOf({ rules, scenarios, catalogue }: LabResult): string {
  const composites = rules.map(
    ({ rule, composite, low, high, ungated, gatedBy }) =>
      `${rule.padEnd(13)} ${composite.toFixed(1).padStart(5)}  (${low.toFixed(1)} to ${high.toFixed(1)})` +
      (gatedBy.length === 0 ? '' : `  ${ungated.toFixed(1)} but for wrongful liquidations in ${gatedBy.join(', ')}`),
  );
  const names = rules.map(({ rule }) => rule);
  const header = `${'worst error, bp'.padEnd(17)}${names.map((name) => name.slice(0, 9).padStart(10)).join('')}`;
  const errors = [...new Set(scenarios.map(({ scenario }) => scenario))].map((scenario) => {
    const cells = names.map((name) => {
      const row = scenarios.find((each) => each.scenario === scenario && each.rule === name);
      return (row === undefined ? '' : brief(row.maxErrorBps)).padStart(10);
    });
    return `${scenario.padEnd(17)}${cells.join('')}`;
  });
  const met = catalogue.map(({ number, fault, seen, met, why }) => {
    const verdict = met === null ? 'open' : met ? 'met ' : 'FAIL';
    return `${String(number).padStart(2)}  ${verdict}  ${fault}: ${met === true ? seen : `${seen}${why === '' ? '' : ` (${why})`}`}`;
  });
  return [...composites, '', header, ...errors, '', ...met, ''].join('\n');
}

function brief(value: number): string {
  return value >= 1e5 ? value.toExponential(0) : value.toFixed(1);
}
