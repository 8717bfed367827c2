import { createAlertSinks } from './create-sinks';

const webhook = { urlEnv: 'HOOK', timeoutMs: 5_000 };
const warnings: unknown[] = [];
const logger = { info: () => {}, warn: (message: unknown) => warnings.push(message), error: () => {} } as never;

async function namesOf(
  log: boolean,
  hook: typeof webhook | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<string[]> {
  warnings.length = 0;
  return (await createAlertSinks({ log, webhook: hook }, environment, logger, () => 0)).map(({ name }) => name);
}

describe(createAlertSinks.name, () => {
  test('makes what is configured and has an address', async () => {
    expect(await namesOf(true, undefined, { HOOK: 'http://127.0.0.1' })).toStrictEqual(['log']);
    expect(await namesOf(true, webhook, {})).toStrictEqual(['log']);
    const environment = { HOOK: 'https://127.0.0.1/x', ASSAY_ALERT_WEBHOOK_SECRET: 'k' };
    expect(await namesOf(false, webhook, environment)).toStrictEqual(['webhook']);
    expect(warnings).toStrictEqual([]);
  });

  test('warns of a webhook that cannot prove who sent it', async () => {
    expect(await namesOf(true, webhook, { HOOK: 'http://127.0.0.1' })).toStrictEqual(['log', 'webhook']);
    expect(warnings).toStrictEqual([expect.stringContaining('set ASSAY_ALERT_WEBHOOK_SECRET')]);
  });

  test('refuses another address by the name of its variable, not by what it holds', async () => {
    const refusal = namesOf(true, webhook, { HOOK: 'ftp://token' });
    await expect(refusal).rejects.toThrow('HOOK is no http or https address');
  });
});
