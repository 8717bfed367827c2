import type { AlertChange } from '../alert';
import { logSink } from './log-sink';

const change: AlertChange = {
  ...{ id: 'sourceDown:a', rule: 'sourceDown', subject: 'a', severity: 'warning', state: 'firing' },
  ...{ since: 1, at: 2, cut: 3, summary: 'a is silent', evidence: { venue: 'a' } },
};

describe(logSink.name, () => {
  test.each<[Partial<AlertChange>, string, string]>([
    [{ severity: 'warning' }, 'warn', 'a is silent'],
    [{ severity: 'critical' }, 'error', 'a is silent'],
    [{ severity: 'critical', state: 'resolved' }, 'info', 'resolved: a is silent'],
  ])('logs %j as %s', async (part, level, message) => {
    const lines: unknown[] = [];
    const logAs = (name: string) => (context: object, text: string) => lines.push([name, context, text]);
    const sink = logSink({ info: logAs('info'), warn: logAs('warn'), error: logAs('error') } as never);
    await sink.deliver({ ...change, ...part });
    const alert = { ...change, ...part, summary: undefined };
    expect(lines).toEqual([[level, { alert }, message]]);
  });
});
