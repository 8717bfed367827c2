import fc from 'fast-check';
import type { RecordedEvent } from '../event';
import { readFixture, withFixtures } from './fixture';
import { merged } from './merge';

const said = (at: number, venue: string): RecordedEvent => ({ at, venue, observation: {} });

async function* streamOf(events: readonly RecordedEvent[]): AsyncGenerator<RecordedEvent> {
  for (const event of events) yield await Promise.resolve(event);
}

async function collected(events: AsyncIterable<RecordedEvent>): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe(merged.name, () => {
  test('is the stable sort of all streams, without holding them', async () => {
    const times = fc.array(fc.array(fc.integer({ min: 0, max: 9 })), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(times, async (streams) => {
        const files = streams.map((ats, file) => ats.toSorted((a, b) => a - b).map((at) => said(at, `${file}`)));
        const sorted = files.flat().toSorted((a, b) => a.at - b.at);
        expect(await collected(merged(files.map(streamOf)))).toStrictEqual(sorted);
      }),
    );
  });

  test('takes no more than one event ahead of each stream, and lets go of all when it is left', async () => {
    const taken = [0, 0];
    const left: number[] = [];
    async function* counted(index: number): AsyncGenerator<RecordedEvent> {
      try {
        for (let at = 0; ; at++) {
          taken[index] = (taken[index] ?? 0) + 1;
          yield await Promise.resolve(said(at, `${index}`));
        }
      } finally {
        left.push(index);
      }
    }
    for await (const { at } of merged([counted(0), counted(1)])) if (at === 3) break;
    expect(taken).toEqual([4, 4]);
    expect(left).toEqual([0, 1]);
  });
});

describe(withFixtures.name, () => {
  test('a fixture speaks from the first event to the last, every ten seconds', async () => {
    const events = streamOf([said(5_000, 'okx'), said(24_999, 'okx'), said(25_000, 'okx')]);
    const heard = await collected(withFixtures(events, [readFixture('assumed:USDT-USD=1.0')]));
    expect(heard.map((event) => [event.at, 'venue' in event && event.venue])).toEqual([
      [5_000, 'assumed'],
      [5_000, 'okx'],
      [15_000, 'assumed'],
      [24_999, 'okx'],
      [25_000, 'assumed'],
      [25_000, 'okx'],
    ]);
    const observation = { instrument: 'USDT-USD', bid: '1.0', ask: '1.0', last: '1.0' };
    expect(heard[0]).toStrictEqual({ at: 5_000, venue: 'assumed', observation });
  });

  test.each(['USDT-USD=1', 'assumed:USDT-USD', 'assumed:USDT-USD=0', 'assumed:USDT-USD=one', ':A=1'])(
    'refuses the fixture %s',
    (text) => {
      expect(() => readFixture(text)).toThrow(`fixture ${text} is not venue:instrument=price`);
    },
  );
});
