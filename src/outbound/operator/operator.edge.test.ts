import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { EntryBuilder, twoSourcesEach } from '../../../test/support/ledger-entries';
import { SteeredClock } from '../../../test/support/steered-clock';
import type { Keccak } from '../../oracle/reporting/keccak';
import { cutNumberAt } from '../../oracle/units/time';
import { loadKeccak } from '../../platform/keccak';
import type { OperatorInstruction } from '../../recording/event';
import { LEDGER, type LedgerEntry } from '../ledger/ledger';
import { MemoryLedger } from '../ledger/memory-ledger';
import { ORACLE_PLAN } from '../ledger/publication';
import { OPERATOR_INBOX } from './operator-inbox';
import { OperatorModule } from './operator.module';

/** Account 1 of every fresh anvil: a key that the whole world knows. */
const KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';
const OPERATOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const plan = twoSourcesEach('BTC/USD');
const log = { info: () => {}, warn: () => {}, error: () => {} } as never;
let keccak: Keccak;
let halt: OperatorInstruction;
let ledger: MemoryLedger;
let build: EntryBuilder;
let obeyed: OperatorInstruction[];
let app: NestFastifyApplication;

beforeAll(async () => {
  keccak = await loadKeccak();
  halt = await signedAsDocumented();
});

beforeEach(() => {
  ledger = new MemoryLedger();
  build = new EntryBuilder(plan, keccak);
  obeyed = [];
});

afterEach(async () => {
  await app.close();
  await ledger.close();
});

async function start(): Promise<void> {
  const given = [
    { provide: LEDGER, useValue: ledger },
    { provide: ORACLE_PLAN, useValue: plan },
    { provide: OPERATOR_INBOX, useValue: { instructed: (said: OperatorInstruction) => obeyed.push(said) } },
  ];
  @Global()
  @Module({ providers: given, exports: given })
  class Given {}
  const operator = OperatorModule.register({
    operators: [OPERATOR.toLowerCase()],
    keccak,
    clock: new SteeredClock(halt.issuedAt),
    log,
  });
  const testing = await Test.createTestingModule({ imports: [Given, operator] }).compile();
  app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  await app.init();
}

async function instruct(body: unknown): Promise<{ status: number; type: unknown; body: unknown }> {
  const answer = await app.inject({ method: 'POST', url: '/v1/operator', payload: body as object });
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.json() };
}

async function audit(): Promise<unknown> {
  return (await app.inject({ method: 'GET', url: '/v1/operator' })).json();
}

function entryWith(at: number, ...operator: OperatorInstruction[]): LedgerEntry {
  return { ...build.entry(cutNumberAt(at)), operator };
}

/** What the example of docs/operator.md prints. */
async function signedAsDocumented(): Promise<OperatorInstruction> {
  const [, example = ''] = /```js\n([^]*?)```/.exec(await readFile('docs/operator.md', 'utf8')) ?? [];
  const environment = { ...process.env, OPERATOR_KEY: KEY, NETWORK: plan.network };
  const node = promisify(execFile)(process.execPath, ['--input-type=module', '-e', example], { env: environment });
  return JSON.parse((await node).stdout) as OperatorInstruction;
}

describe('POST /v1/operator', () => {
  test('takes an instruction signed as documented and passes it on, once', async () => {
    await start();
    expect(await instruct(halt)).toMatchObject({ status: 202, body: { accepted: halt } });
    expect(await instruct(halt)).toMatchObject({ status: 409 });
    expect(obeyed).toStrictEqual([halt]);
  });

  test('refuses with problem details that a program can decide by', async () => {
    await start();
    expect(await instruct({ ...halt, why: 'another reason' })).toMatchObject({
      status: 403,
      type: expect.stringMatching(/^application\/problem\+json/),
      body: {
        type: 'urn:assay:problem:badSignature',
        title: 'Forbidden',
        status: 403,
        code: 'badSignature',
        detail: expect.stringMatching(
          /^the signature is not of 0x70997970C51812dc3A010C7d01b50e0d17dc79C8: it is of 0x/,
        ),
      },
    });
    expect(await instruct([])).toMatchObject({ status: 400, body: { code: 'malformed' } });
    expect(await instruct({ ...halt, halt: 'ETH/USD' })).toMatchObject({ status: 404, body: { code: 'unknownFeed' } });
    expect(obeyed).toStrictEqual([]);
  });

  test('remembers over a restart what it obeyed before', async () => {
    await ledger.append(entryWith(halt.issuedAt - 900_000));
    await ledger.append(entryWith(halt.issuedAt - 10, halt));
    await start();
    expect(await instruct(halt)).toMatchObject({ status: 409, body: { code: 'replayed' } });
  });
});

describe('GET /v1/operator', () => {
  test('lists what took effect, newest first, before and since its start', async () => {
    const now = Math.ceil(halt.issuedAt / 10) * 10;
    const resume: OperatorInstruction = {
      resume: 'BTC/USD',
      by: OPERATOR,
      why: 'back',
      issuedAt: now,
      signature: '0x',
    };
    await ledger.append(entryWith(now - 20, halt));
    await start();
    await instruct({});
    expect(await audit()).toStrictEqual({ audit: [{ at: now - 20, cut: cutNumberAt(now - 20), instruction: halt }] });
    await ledger.append(entryWith(now, resume));
    await new Promise(setImmediate);
    expect(await audit()).toMatchObject({ audit: [{ at: now, instruction: resume }, { instruction: halt }] });
  });
});
