/** What can be wrong with a configuration. Each has its literal example in faults.test.ts. */
export type FaultCode =
  | 'unreadable'
  | 'syntax'
  | 'duplicateKey'
  | 'unknownKey'
  | 'missingKey'
  | 'wrongType'
  | 'outOfRange'
  | 'wrongForm'
  | 'unknownDialect'
  | 'unknownVenue'
  | 'unknownFeed'
  | 'duplicateFeed'
  | 'duplicateSource'
  | 'duplicateAnchor'
  | 'unknownGroup'
  | 'duplicateStore'
  | 'expiresUnmined'
  | 'upstreamCountedTwice'
  | 'wrongVenue'
  | 'wrongInstrument'
  | 'wrongMultiplier'
  | 'missingLeg'
  | 'legCycle'
  | 'quorumOutOfReach'
  | 'quorumsCross'
  | 'nativeOutOfReach'
  | 'weightsExceedOne'
  | 'decimalsOverflow'
  | 'tooFewDigits'
  | 'cutsCross'
  | 'anchorTooStrict'
  | 'rateMismatch';

/** Keys and indices from the top of a file: `['feeds', 3, 'sources']`. */
export type Path = readonly (string | number)[];

export interface Fault {
  readonly code: FaultCode;
  readonly file: string;
  /** From 1; of the nearest thing that is there, where something is missing. */
  readonly line: number;
  readonly path: Path;
  /** What is wrong, naming the thing. */
  readonly what: string;
  readonly value?: unknown;
  readonly limit?: string | number;
  readonly wayOut: string;
}

/** Every fault of a configuration at once: nobody should have to start a service ten times to learn of ten mistakes. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly faults: readonly Fault[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    super(
      `the configuration has ${count} and was refused\n${faults.map((fault) => `  ${describeFault(fault)}`).join('\n')}`,
    );
  }
}

/** `feeds.yaml:24 feeds[3].decimals: … (value 30, limit 15). Way out. [outOfRange]` */
export function describeFault(fault: Fault): string {
  const measured = [
    ...(fault.value === undefined ? [] : [`value ${JSON.stringify(fault.value)}`]),
    ...(fault.limit === undefined ? [] : [`limit ${fault.limit}`]),
  ];
  const evidence = measured.length === 0 ? '' : ` (${measured.join(', ')})`;
  const where = fault.path.length === 0 ? '' : ` ${formatPath(fault.path)}`;
  return `${fault.file}:${fault.line}${where}: ${fault.what}${evidence}; ${fault.wayOut} [${fault.code}]`;
}

function formatPath(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}
