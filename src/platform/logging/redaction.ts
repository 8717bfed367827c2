const SECRET_KEYS = ['password', 'passphrase', 'secret', 'token', 'authorization', 'apiKey', 'privateKey', 'keystore'];

/** Fields that are never written, at the top of a log record and up to two levels down. */
export const REDACTED_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** What stands in their place. */
export const CENSOR = '[redacted]';

const ADDRESS = /\b(https?|wss?):\/\/(?:[^\s"'\\/@]*@)?([^\s"'\\/?#]+)[^\s"'\\]*/g;

/**
 * Cuts every address in a line down to its host. Providers of RPC and webhooks put their keys into path and query, and
 * libraries quote whole addresses in their errors.
 */
export function withoutCredentials(line: string): string {
  return line.replace(ADDRESS, '$1://$2');
}
