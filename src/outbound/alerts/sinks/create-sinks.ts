import type { Logger } from 'pino';
import type { AlertConfiguration } from '../../../platform/config/configuration';
import { readSecret } from '../../../platform/secret';
import type { AlertSink } from './alert-sink';
import { logSink } from './log-sink';
import { WEBHOOK_DEFAULTS, WebhookSink } from './webhook-sink';

const SECRET = 'ASSAY_ALERT_WEBHOOK_SECRET';

/** The sinks of a configuration. The webhook's address and secret come from the environment, or from files it names. */
export async function createAlertSinks(
  { log, webhook }: AlertConfiguration['sinks'],
  environment: NodeJS.ProcessEnv,
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
  now: () => number,
): Promise<AlertSink[]> {
  const sinks = log ? [logSink(logger)] : [];
  if (webhook === undefined) return sinks;
  const url = await readSecret(environment, webhook.urlEnv);
  if (url === undefined) return sinks;
  if (!/^https?:\/\//.test(url)) throw new Error(`${webhook.urlEnv} is no http or https address`);
  const secret = await readSecret(environment, SECRET);
  if (secret === undefined) logger.warn(`alerts are posted unsigned: set ${SECRET} or ${SECRET}_FILE to sign them`);
  sinks.push(new WebhookSink({ ...WEBHOOK_DEFAULTS, url, secret, timeoutMs: webhook.timeoutMs }, now));
  return sinks;
}
