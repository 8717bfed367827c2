import { destination, levels, pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { CENSOR, REDACTED_PATHS, withoutCredentials } from './redaction';

const STDERR = 2;

/**
 * JSON lines on stderr: stdout belongs to what a command prints. The level is `ASSAY_LOG_LEVEL` or info; a level that
 * pino does not know throws. Writes are synchronous, so that the last line before a crash is there to be read.
 */
export function createLogger(
  level = process.env['ASSAY_LOG_LEVEL'] ?? 'info',
  stream: DestinationStream = destination({ dest: STDERR, sync: true }),
): Logger {
  const known = [...Object.keys(levels.values), 'silent'];
  if (!known.includes(level)) {
    throw new Error(`ASSAY_LOG_LEVEL ${JSON.stringify(level)} is no level; use one of ${known.join(', ')}`);
  }
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      serializers: { error: stdSerializers.err },
      errorKey: 'error',
      redact: { paths: REDACTED_PATHS, censor: CENSOR },
      hooks: { streamWrite: withoutCredentials },
    },
    stream,
  );
}
