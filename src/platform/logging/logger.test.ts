import { createLogger } from './logger';
import { NestLogger } from './nest-logger';
import { withoutCredentials } from './redaction';

function written(level = 'trace') {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => void lines.push(line) });
  const records = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { logger, lines, records };
}

describe(createLogger.name, () => {
  test('writes one JSON object a line, with the level in words and the time in ISO', () => {
    const { logger, lines, records } = written();
    logger.info({ venue: 'kraken' }, 'connected');
    expect(lines).toHaveLength(1);
    expect(records()[0]).toEqual({
      level: 'info',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      venue: 'kraken',
      message: 'connected',
    });
  });

  test.each([
    ['at the top', { password: 'hunter2' }],
    ['one level down', { keys: { privateKey: 'hunter2' } }],
    ['two levels down', { request: { headers: { authorization: 'hunter2' } } }],
  ])('never writes a secret %s', (_where, record) => {
    const { logger, lines } = written();
    logger.warn(record, 'careless');
    expect(lines.join()).not.toContain('hunter2');
    expect(lines.join()).toContain('[redacted]');
  });

  test('cuts an address in an error down to its host, where libraries quote the whole', () => {
    const { logger, records } = written();
    logger.error(new Error('HTTP request failed. URL: https://eth.example/v3/s3cret?key=s3cret'));
    expect(JSON.stringify(records()[0])).not.toContain('s3cret');
    expect(records()[0]?.['message']).toBe('HTTP request failed. URL: https://eth.example');
  });

  test('refuses a level that is none, naming those there are', () => {
    expect(() => createLogger('loud')).toThrow(/"loud" is no level; use one of trace, debug, info/);
  });
});

describe(withoutCredentials.name, () => {
  test.each([
    ['user and password', 'wss://user:pass@host.example:8443/ws', 'wss://host.example:8443'],
    ['a key in the path', 'see https://rpc.example/v2/KEY now', 'see https://rpc.example now'],
    ['a key in the query', '{"url":"http://hook.example?token=KEY"}', '{"url":"http://hook.example"}'],
    ['two addresses', 'https://a.example/1 https://b.example/2', 'https://a.example https://b.example'],
    ['no address', 'BTC/USD at 2/3', 'BTC/USD at 2/3'],
  ])('%s', (_what, line, expected) => {
    expect(withoutCredentials(line)).toBe(expected);
  });
});

describe(NestLogger.name, () => {
  test('takes the chatter of Nest’s start-up for debug', () => {
    const { logger, lines } = written('info');
    new NestLogger(logger).log('Nest application successfully started', 'NestApplication');
    expect(lines).toEqual([]);
  });

  test('keeps message, stack and context of an error apart', () => {
    const { logger, records } = written();
    new NestLogger(logger).error('no provider', 'Error: no provider\n    at x', 'ExceptionHandler');
    expect(records()[0]).toMatchObject({
      level: 'error',
      message: 'no provider',
      stack: 'Error: no provider\n    at x',
      context: 'ExceptionHandler',
    });
  });

  test('writes an error that comes as an object with its stack', () => {
    const { logger, records } = written();
    new NestLogger(logger).error(new TypeError('broken'), 'ExceptionHandler');
    expect(records()[0]).toMatchObject({
      context: 'ExceptionHandler',
      error: { type: 'TypeError', message: 'broken' },
    });
  });
});
