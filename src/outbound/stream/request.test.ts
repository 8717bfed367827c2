import fc from 'fast-check';
import { parseRequest } from './request';

const parse = (text: string) => parseRequest(Buffer.from(text), false);

describe(parseRequest.name, () => {
  test.each([
    [{ id: 1, op: 'subscribe', feeds: ['BTC/USD'], channels: ['price', 'figures'] }],
    [{ id: 'a', op: 'subscribe', feeds: '*' }],
    [{ op: 'unsubscribe', feeds: ['BTC/USD'] }],
    [{ op: 'subscribe', groups: ['majors'] }],
    [{ op: 'unsubscribe', feeds: ['BTC/USD'], groups: ['majors'] }],
    [{ op: 'ping', id: 7 }],
  ])('reads %j', (request) => {
    expect(parse(JSON.stringify(request))).toEqual(request);
  });

  test.each([
    ['{', 'malformed', undefined],
    ['null', 'malformed', undefined],
    ['[]', 'malformed', undefined],
    ['{"id":3}', 'malformed', 3],
    ['{"id":3,"op":4}', 'malformed', 3],
    ['{"id":3,"op":"subscribe"}', 'malformed', 3],
    ['{"id":3,"op":"subscribe","feeds":[]}', 'malformed', 3],
    ['{"id":3,"op":"subscribe","groups":[]}', 'malformed', 3],
    ['{"id":3,"op":"subscribe","groups":"*"}', 'malformed', 3],
    ['{"id":3,"op":"subscribe","feeds":[7]}', 'malformed', 3],
    ['{"id":3,"op":"subscribe","feeds":"BTC/USD"}', 'malformed', 3],
    ['{"id":3,"op":"subscribe","feeds":["BTC/USD"],"channels":["depth"]}', 'malformed', 3],
    ['{"id":3,"op":"subscribe","feeds":["BTC/USD"],"chanels":["price"]}', 'malformed', 3],
    ['{"id":{},"op":"ping"}', 'malformed', undefined],
    ['{"id":3,"op":"buy"}', 'unknownOperation', 3],
    ['{"op":"__proto__"}', 'unknownOperation', undefined],
  ])('refuses %s as %s', (text, code, id) => {
    expect(parse(text)).toMatchObject({ error: { code, id } });
  });

  test('refuses a binary message, whatever it holds', () => {
    expect(parseRequest(Buffer.from('{"op":"ping"}'), true)).toMatchObject({ error: { code: 'malformed' } });
  });

  test('answers any bytes and any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), (bytes) => {
        expect(parseRequest(Buffer.from(bytes), false)).toHaveProperty('error.code');
      }),
    );
  });

  test('sends back at most the beginning of a long word', () => {
    const answer = parse(JSON.stringify({ op: 'x'.repeat(10_000) }));
    expect(JSON.stringify(answer).length).toBeLessThan(200);
  });
});
