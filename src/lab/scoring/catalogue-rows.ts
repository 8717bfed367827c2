import { CATALOGUE, type CatalogueEntry } from '../attacks/catalogue';
import type { Findings } from './findings';
import { judge, type Check } from './judge';

export interface CatalogueRow {
  readonly number: number;
  readonly fault: string;
  readonly required: string;
  /** Of the scenario or the proof that shows it. */
  readonly shownBy: string;
  readonly seen: string;
  /** `null` where nothing was run. */
  readonly met: boolean | null;
  readonly why: string;
}

/** All forty, in their order, as Assay met them. */
export function catalogueRows(findings: Findings): CatalogueRow[] {
  return CATALOGUE.map((entry) => {
    const { number, fault, required, shownBy } = entry;
    const checks = checksOf(entry, findings);
    const row = { number, fault, required, shownBy };
    if (checks === undefined) return { ...row, seen: 'not run', met: null, why: 'not asked for' };
    const missed = checks.filter(({ met }) => !met);
    return {
      ...row,
      seen: checks.map(({ seen }) => seen).join('; '),
      met: missed.length === 0,
      why: missed.map((check) => `${check.seen}, required ${check.required}`).join('; '),
    };
  });
}

function checksOf(
  { shownBy }: CatalogueEntry,
  { scenarios, scores, proofs, lacking }: Findings,
): readonly Check[] | undefined {
  const proof = proofs.get(shownBy);
  if (proof !== undefined) return proof;
  const scenario = scenarios.find(({ name }) => name === shownBy);
  const own = scores.filter((score) => score.rule === 'assay' && score.scenario === shownBy);
  if (scenario === undefined || own.length === 0) return undefined;
  const unheard = lacking(scenario).map((witness) => ({
    required: `${witness} heard`,
    seen: `the configuration has no ${witness}`,
    met: false,
  }));
  return [...unheard, ...judge(scenario.required, own)];
}
