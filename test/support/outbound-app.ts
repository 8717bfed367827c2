import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { OraclePlan } from '../../src/oracle/plan';
import { LEDGER, type Ledger } from '../../src/outbound/ledger/ledger';
import { MemoryLedger } from '../../src/outbound/ledger/memory-ledger';
import { ORACLE_PLAN, PUBLICATION, type Publication } from '../../src/outbound/ledger/publication';
import { serveOpenApi } from '../../src/outbound/rest/open-api';
import { loadKeccak } from '../../src/platform/keccak';
import { EntryBuilder } from './ledger-entries';

export const PUBLICATION_OF_TESTS: Publication = {
  network: 'test',
  domain: { name: 'Assay', version: '1', salt: new Uint8Array(32).fill(9) },
  signers: ['0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
  threshold: 1,
  configHash: new Uint8Array(32).fill(3),
};

@Module({})
class Facts {}

/** Outbound modules on a real server, fed by appending what `builder` builds to `ledger`. */
export async function startOutbound(plan: OraclePlan, ...modules: (DynamicModule | Type)[]) {
  const ledger: Ledger = new MemoryLedger();
  const facts = [
    { provide: LEDGER, useValue: ledger },
    { provide: ORACLE_PLAN, useValue: plan },
    { provide: PUBLICATION, useValue: PUBLICATION_OF_TESTS },
  ];
  const imports = [{ module: Facts, global: true, providers: facts, exports: facts }, ...modules];
  const testing = await Test.createTestingModule({ imports }).compile();
  const app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  serveOpenApi(app);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, ledger, port, builder: new EntryBuilder(plan, await loadKeccak()) };
}
