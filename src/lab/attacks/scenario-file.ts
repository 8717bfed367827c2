import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { REASONS } from '../../oracle/report';
import { PROOF_NAMES } from '../proofs/all-proofs';
import { ASSETS } from '../run/listings';
import { CHAIN_READERS, PERPS, VENUES } from '../run/venues';
import { SCENARIOS } from './catalogue';
import { contradictions, type Fault } from './contradictions';
import type { Effect, Requirement, Scenario } from './scenario';

const MAX_DURATION_MS = 600_000;

const ms = z.number().min(0);
const positive = z.number().positive();
const bps = z.number().gt(-10_000).max(1e6);
const share = z.number().min(0).max(1);
const list = z.array(z.number()).min(1);

const effect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('freeze') }),
  z.strictObject({ kind: z.literal('late'), ms, rampMs: positive.exactOptional() }),
  z.strictObject({
    kind: z.literal('shift'),
    bps,
    rampMs: positive.exactOptional(),
    pulseMs: positive.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('times'), factors: list }),
  z.strictObject({ kind: z.literal('garbage'), bps: positive.max(10_000) }),
  z.strictObject({ kind: z.literal('says'), values: list }),
  z.strictObject({ kind: z.literal('spread'), bps: positive.max(20_000) }),
  z.strictObject({ kind: z.literal('crossed') }),
  z.strictObject({ kind: z.literal('oneSided') }),
  z.strictObject({ kind: z.literal('size'), bid: positive, ask: positive }),
  z.strictObject({ kind: z.literal('volume'), by: positive }),
  z.strictObject({ kind: z.literal('print'), by: positive }),
  z.strictObject({ kind: z.literal('clock'), ms: z.number() }),
  z.strictObject({ kind: z.literal('silent') }),
  z.strictObject({ kind: z.literal('echo'), twice: share, swapped: share }),
  z.strictObject({ kind: z.literal('atBound') }),
]) satisfies z.ZodType<Effect>;

const asset = z.enum(ASSETS);
const speaker = z.enum([...VENUES, ...PERPS, ...CHAIN_READERS, 'sequencer']);

const requirement = z
  .strictObject({
    errorBps: ms,
    cleanBps: ms,
    haltWithinMs: ms,
    neverHalted: z.literal(true),
    flagWithinMs: ms,
    noLiquidationWithinMs: ms,
    widenAtMost: ms,
    lagP50Ms: ms,
    lagP99Ms: ms,
    jumpLagP50Ms: ms,
    jumpLagP99Ms: ms,
    wrongful: ms,
    notOkWithinMs: ms,
    says: z.strictObject({ reason: z.enum(REASONS), withinMs: ms }),
    neverSays: z.enum(REASONS),
    collateralBps: ms,
    profitUsd: z.number(),
  })
  .partial()
  .transform((required) => required as Requirement);

const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,31}$/, 'a name is letters, digits and dashes, 32 at most'),
  about: z.string().default(''),
  captured: z.enum(['nothing', 'minority', 'count', 'weight', 'both']),
  required: requirement.default({}),
  durationMs: z.number().min(1_000).max(MAX_DURATION_MS).default(30_000),
  injections: z
    .array(
      z.strictObject({
        who: z.array(speaker).min(1),
        asset: asset.exactOptional(),
        what: effect,
        fromMs: ms,
        toMs: ms,
      }),
    )
    .default([]),
  moves: z.array(z.strictObject({ asset, bps, fromMs: ms, overMs: ms })).default([]),
  jumpsEveryMs: positive.min(1_000).exactOptional(),
  lagsMs: z.partialRecord(z.enum(VENUES), ms.max(60_000)).exactOptional(),
  judged: asset.exactOptional(),
  isTraded: z.literal(true).exactOptional(),
  needs: z.array(speaker).exactOptional(),
});

const fileSchema = z.strictObject({ scenarios: z.array(scenarioSchema).min(1) });

/** A scenario file that is refused: every fault of it, each by the path at which it stands. */
export class ScenarioFileError extends Error {
  override readonly name = 'ScenarioFileError';

  constructor(
    file: string,
    readonly faults: readonly Fault[],
  ) {
    const lines = faults.map(({ path, what }) => `  ${path === '' ? 'the file' : path}: ${what}`);
    super(`${file} was refused; its words are those of docs/lab.md\n${lines.join('\n')}`);
  }
}

/**
 * A user's own scenarios, YAML or JSON, in the words of the catalogue's.
 * @throws ScenarioFileError
 */
export async function readScenarios(file: string): Promise<readonly Scenario[]> {
  return parseScenarios(await readFile(file, 'utf8'), file);
}

/** @throws ScenarioFileError, in which `file` names the text */
export function parseScenarios(text: string, file: string): readonly Scenario[] {
  const { data, error } = fileSchema.safeParse(parsed(text, file));
  if (error !== undefined) {
    const faults = error.issues.map(({ path, message }) => ({ path: pathOf(path), what: message }));
    throw new ScenarioFileError(file, faults);
  }
  const scenarios: readonly Scenario[] = data.scenarios;
  const taken = [...SCENARIOS.map(({ name }) => name), ...PROOF_NAMES];
  const faults = scenarios.flatMap((scenario, index) => {
    const at = `scenarios[${index}]`;
    const earlier = [...taken, ...scenarios.slice(0, index).map(({ name }) => name)];
    const isTaken = earlier.includes(scenario.name);
    const name = isTaken ? [{ path: `${at}.name`, what: `${scenario.name} is taken; choose another name` }] : [];
    return [...name, ...contradictions(scenario).map(({ path, what }) => ({ path: `${at}.${path}`, what }))];
  });
  if (faults.length > 0) throw new ScenarioFileError(file, faults);
  return scenarios;
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const what = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new ScenarioFileError(file, [{ path: '', what }]);
  }
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}
