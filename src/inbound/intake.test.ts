import { planOf } from '../../test/support/plans';
import type { OracleInput } from '../oracle/input';
import type { FitEvent, ReadEvent, RecordedEvent } from '../recording/event';
import type { Dialect, Outcome } from './dialect';
import { Intake } from './intake';

const AT = 1_700_000_000_000;

/** One word a quote, two instruments a connection, and a count of what it parsed since it opened. */
const wordy: Dialect<{ parsed: number; readonly instruments: readonly string[] }> = {
  name: 'wordy',
  endpoint: 'wss://stream.example/ws',
  maxInstruments: 2,
  url: (endpoint) => endpoint,
  subscribe: () => [],
  keepalive: undefined,
  silenceMs: 60_000,
  rotateAfterMs: undefined,
  maxFrameBytes: 1_000,
  open: (instruments) => ({ parsed: 0, instruments }),
  parse(state, frame): readonly Outcome[] {
    const instrument = frame.replaceAll('"', '');
    if (instrument === 'bug') throw new Error('a bug');
    if (instrument === 'ping') return [{ kind: 'control', control: 'heartbeat', reply: 'pong' }];
    const quote = { bid: 1, ask: 1, bidSize: undefined, askSize: undefined, last: undefined, eventAt: undefined };
    return [{ kind: 'quote', instrument, quote: { ...quote, sequence: ++state.parsed } }];
  },
};

const PLAN = planOf(
  {
    BTC: { sources: { x: {}, y: {} } },
    ETH: { sources: { x: {} } },
    SOL: { sources: { x: {} } },
  },
  [{ id: 'chainlink:BTC', feed: 'BTC', maxAgeMs: 1_000, maxDeviationBps: 100 }],
);
const X_BTC = 0;
const X_ETH = 2;
const X_SOL = 3;

function intake(): Intake {
  const dialect = wordy as Dialect;
  return new Intake(PLAN, [{ venue: 'x', dialect, instruments: ['BTC', 'ETH', 'SOL'] }]);
}

function take(into: Intake, ...events: readonly RecordedEvent[]): { inputs: OracleInput[]; outcomes: Outcome[] } {
  const inputs: OracleInput[] = [];
  const outcomes = events.flatMap((event) => into.take(event, inputs));
  return { inputs, outcomes };
}

const frame = (connection: string, text: string): RecordedEvent => ({ at: AT, venue: 'x', connection, frame: text });
const turned = (connection: string, open: boolean): RecordedEvent => ({ at: AT, venue: 'x', connection, open });
const operator = (said: { halt?: string; resume?: string }): RecordedEvent => ({
  at: AT,
  operator: { ...said, by: '0x', why: 'drill', issuedAt: AT, signature: '0x' },
});

describe('Intake', () => {
  it('turns a frame into the quote of a source', () => {
    expect(take(intake(), frame('1', 'ETH')).inputs).toMatchObject([
      { kind: 'quote', source: X_ETH, quote: { bid: 1, ask: 1 } },
    ]);
  });

  it('gives back what the dialect made of it, replies included', () => {
    const { inputs, outcomes } = take(intake(), frame('1', 'ping'));
    expect(inputs).toEqual([]);
    expect(outcomes).toEqual([{ kind: 'control', control: 'heartbeat', reply: 'pong' }]);
  });

  it('lets a dialect that throws stop nobody else', () => {
    const { inputs, outcomes } = take(intake(), frame('1', 'bug'), frame('1', 'ETH'));
    expect(outcomes[0]).toEqual({ kind: 'rejected', reason: 'dialectFault', detail: 'Error: a bug' });
    expect(inputs).toHaveLength(1);
  });

  it.each([
    ['opens', true],
    ['closes', false],
  ])('forgets what all sources of a connection said when it %s, and of no other', (_reason, open) => {
    expect(take(intake(), turned('1', open)).inputs).toEqual([{ kind: 'disconnect', sources: [X_BTC, X_ETH] }]);
    expect(take(intake(), turned('2', open)).inputs).toEqual([{ kind: 'disconnect', sources: [X_SOL] }]);
  });

  it('gives a connection that opens again a new state', () => {
    const into = intake();
    const sequences = [frame('1', 'BTC'), frame('1', 'BTC'), turned('1', true), frame('1', 'BTC')].flatMap((event) =>
      take(into, event).inputs.flatMap((said) => (said.kind === 'quote' ? [said.quote.sequence] : [])),
    );
    expect(sequences).toEqual([1, 2, 1]);
  });

  it('keeps the states of two connections apart', () => {
    const { inputs } = take(intake(), frame('1', 'BTC'), frame('2', 'SOL'));
    expect(inputs).toMatchObject([
      { source: X_BTC, quote: { sequence: 1 } },
      { source: X_SOL, quote: { sequence: 1 } },
    ]);
  });

  it('hears on a planned connection only what it carries', () => {
    const { inputs, outcomes } = take(intake(), frame('1', 'SOL'));
    expect(inputs).toEqual([]);
    expect(outcomes).toHaveLength(1);
  });

  it('lets a connection with a name that is not of ours carry everything', () => {
    const into = intake();
    expect(take(into, turned('spot', true)).inputs).toEqual([{ kind: 'disconnect', sources: [X_BTC, X_ETH, X_SOL] }]);
    expect(take(into, frame('spot', 'SOL')).inputs).toMatchObject([{ source: X_SOL }]);
  });

  it('rejects a binary frame by name: no dialect here speaks one', () => {
    const { inputs, outcomes } = take(intake(), { at: AT, venue: 'x', connection: '1', frameBase64: 'AQI=' });
    expect(inputs).toEqual([]);
    expect(outcomes).toEqual([{ kind: 'rejected', reason: 'notText' }]);
  });

  it('hears an observation as the dialect’s own words, outside any connection', () => {
    const observed = { at: AT, venue: 'x', observation: 'SOL' };
    expect(take(intake(), observed).inputs).toMatchObject([{ kind: 'quote', source: X_SOL }]);
  });

  it('hands on what a reader read, as a number', () => {
    const read = { value: '65000.25000000', updatedAt: AT - 5 };
    expect(take(intake(), { at: AT, chain: 'ethereum', reader: 'chainlink:BTC', read }).inputs).toEqual([
      { kind: 'anchor', anchor: 0, value: 65_000.25, updatedAt: AT - 5 },
    ]);
  });

  describe('of readers that are more than anchors', () => {
    const sketches = { BTC: { sources: { x: {}, chainlink: {} } }, WBTC: { sources: { x: {} } } };
    const limits = { nominalRate: 1, maxGrowthPerYear: 0.1, maxFall: 0, maxAgeMs: 5_000, maxPegGapBps: 100 };
    const plan = planOf(
      sketches,
      [{ id: 'chainlink:WBTC', feed: 'WBTC', maxAgeMs: 5_000, maxDeviationBps: 100 }],
      [{ id: 'rate:WBTC', feed: 'WBTC', underlying: 'BTC', ...limits }],
    );
    const hear = (reader: string, read: ReadEvent['read']) =>
      take(new Intake(plan, [{ venue: 'x', dialect: wordy, instruments: ['BTC', 'WBTC'] }]), {
        at: AT,
        chain: 'ethereum',
        reader,
        read,
      }).inputs;
    const read = { value: '1.25', updatedAt: AT - 5 };
    const unsaid = { bidSize: undefined, askSize: undefined, last: undefined, sequence: undefined };

    it.each<[string, string, ReadEvent['read'], OracleInput[]]>([
      [
        'a rate is a redemption, as old as its block',
        'rate:WBTC',
        read,
        [{ kind: 'redemption', redemption: 0, value: 1.25, updatedAt: AT - 5 }],
      ],
      [
        'a source is a voice like any, with one price and no spread',
        'chainlink:BTC',
        read,
        [{ kind: 'quote', source: 1, quote: { bid: 1.25, ask: 1.25, eventAt: AT - 5, ...unsaid } }],
      ],
      [
        'a source that stands at its bound loses its vote',
        'chainlink:BTC',
        { refused: 'atBound' },
        [{ kind: 'dismissSource', source: 1, verdict: 'atBound' }],
      ],
      [
        'an anchor on a chain that stands still is no witness',
        'chainlink:WBTC',
        { refused: 'sequencerDown' },
        [{ kind: 'dismissAnchor', anchor: 0 }],
      ],
      ['a rate on a chain that stands still ages', 'rate:WBTC', { refused: 'sequencerDown' }, []],
      ['a rate that is no number is not heard', 'rate:WBTC', { value: 'NaN', updatedAt: AT }, []],
      ['a rate of nothing is not heard', 'rate:WBTC', { value: '0', updatedAt: AT }, []],
      ['a rate beyond all numbers is not heard', 'rate:WBTC', { value: '1e999', updatedAt: AT }, []],
    ])('%s', (_reason, reader, said, inputs) => {
      expect(hear(reader, said)).toEqual(inputs);
    });
  });

  it.each([
    ['halts', { halt: 'ETH' }, 'halt'],
    ['resumes', { resume: 'ETH' }, 'resume'],
  ])('an operator %s a feed by its name', (_reason, said, action) => {
    expect(take(intake(), operator(said)).inputs).toEqual([{ kind: 'operator', action, feed: 1 }]);
  });

  const fit = (particular: Partial<FitEvent['fit']>): FitEvent => ({
    at: AT,
    fit: { feed: 'ETH', model: 'garch', parameters: [0, 1e-6, 0.1, 0.8], effectiveCut: 7, ...particular },
  });
  it('parameters that were fitted are those of a feed, by its name', () => {
    const parameters = { mu: 0, omega: 1e-6, alpha: 0.1, beta: 0.8 };
    expect(take(intake(), fit({})).inputs).toEqual([{ kind: 'fit', feed: 1, parameters, effectiveCut: 7 }]);
  });

  const read = { value: '1', updatedAt: AT };
  it.each([
    ['a venue that is not configured', { at: AT, venue: 'z', connection: '1', frame: 'BTC' }],
    ['a connection of a venue that is not configured', { at: AT, venue: 'z', connection: '1', open: true }],
    ['a venue of the plan that nobody listens to', { at: AT, venue: 'y', connection: '1', frame: 'BTC' }],
    ['an observation of a venue that is not configured', { at: AT, venue: 'z', observation: 'BTC' }],
    ['a reader that is not configured', { at: AT, chain: 'ethereum', reader: 'chainlink:DOGE', read }],
    [
      'an answer that is no price',
      { at: AT, chain: 'ethereum', reader: 'chainlink:BTC', read: { ...read, value: '-1' } },
    ],
    [
      'an answer that is no number',
      { at: AT, chain: 'ethereum', reader: 'chainlink:BTC', read: { ...read, value: 'x' } },
    ],
    ['a feed that is not configured', operator({ halt: 'DOGE' })],
    ['an instruction that names no feed', operator({})],
    ['parameters of a feed that is not configured', fit({ feed: 'DOGE' })],
    ['parameters without a variance to return to', fit({ parameters: [0, 1e-6, 0.2, 0.8] })],
    ['a variance below zero', fit({ parameters: [0, -1e-6, 0.1, 0.8] })],
    ['a configuration that takes effect', { at: AT, config: 'sha256:00', effectiveCut: 1 }],
    ['a state that something started from', { at: AT, state: {} }],
    ['a polled answer', { at: AT, venue: 'x', http: '/ticker', body: '{}' }],
  ] as [string, RecordedEvent][])('takes nothing from %s', (_reason, event) => {
    expect(take(intake(), event)).toEqual({ inputs: [], outcomes: [] });
  });

  it('hears an index of implied volatility as what it is, and forgets it with its connection', () => {
    const index = { venue: 'x', maxAgeMs: 1_000, maxFutureMs: 1_000, feed: 0 };
    const implied = ['SOL', 'BTC'].map((instrument) => ({ ...index, id: `x:${instrument}`, instrument }));
    const options: Dialect = {
      ...(wordy as Dialect),
      parse: (_, instrument) => [{ kind: 'volatility', instrument, volatility: 0.5, observedAt: AT }],
    };
    const voice = { venue: 'x', dialect: options, instruments: ['BTC', 'ETH', 'SOL'] };
    const into = new Intake({ ...PLAN, implied }, [voice]);
    const { inputs } = take(into, turned('1', true), frame('1', 'BTC'), frame('1', 'SOL'), frame('1', 'ETH'));
    expect(inputs).toEqual([
      { kind: 'disconnect', sources: [X_BTC, X_ETH] },
      { kind: 'dismissImplied', implied: 1 },
      { kind: 'implied', implied: 1, volatility: 0.5, observedAt: AT },
    ]);
  });
});
