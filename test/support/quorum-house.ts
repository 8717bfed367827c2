import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parse, stringify } from 'yaml';
import { encryptKeystore } from '../../src/outbound/signing/keystore';
import { loadKeccak } from '../../src/platform/keccak';
import { QuoteServer } from './quote-server';
import { anvilKeys } from './quorum';

const ROOT = resolve(__dirname, '../..');
const SHIPPED = join(ROOT, 'config');
const HOST = '127.0.0.1';
const PASSWORD = 'of a test';
const VENUES = ['north', 'east', 'south', 'west'];
const QUOTE_EVERY_MS = 100;

export const FEEDS: Readonly<Record<string, number>> = { 'BTC/USD': 65_000, 'ETH/USD': 2_000 };
/** Of a feed that venues know and that is not published until a configuration after the first says so. */
const COMING: Readonly<Record<string, number>> = { 'SOL/USD': 150 };

export interface HouseOptions {
  readonly signers: number;
  readonly threshold: number;
  readonly cutEveryMs: number;
  /** One more process, a quorum of its own, under the same market: to compare with. */
  readonly single?: boolean;
}

/** A line of a process's log. */
export interface LogLine {
  readonly message?: string;
  readonly gap?: { readonly from: number; readonly to: number; readonly reason: string };
  readonly [key: string]: unknown;
}

/** One process of the house; it may end and be started again over the same data. */
export class Resident {
  child: ChildProcess | undefined;
  /** By how much its wall clock is off, from its next start on. */
  skewMs = 0;
  /** The configuration that it goes over to, from its next start on. */
  next: string | undefined;
  url = '';
  readonly lines: LogLine[] = [];

  constructor(
    readonly name: string,
    readonly role: 'signer' | 'standby',
    readonly config: string,
    readonly data: string,
    readonly keystore: string,
  ) {}

  /** Resolves once it listens. */
  async start(): Promise<void> {
    const { role, config, data, keystore } = this;
    const args = ['--role', role, '--config', config, '--data', data, '--keystore', keystore, '--port', '0'];
    if (this.next !== undefined) args.push('--next', this.next);
    const loaded = ['./scripts/typescript.cjs', ...(this.skewMs === 0 ? [] : ['./test/support/skewed-clock.cjs'])];
    const node = [...loaded.flatMap((file) => ['--require', file]), 'src/cli.ts', 'serve', ...args];
    const child = spawn(process.execPath, node, {
      cwd: ROOT,
      env: {
        ...process.env,
        ASSAY_KEYSTORE_PASSWORD: PASSWORD,
        ASSAY_LOG_LEVEL: 'info',
        ASSAY_TEST_CLOCK_SKEW_MS: String(this.skewMs),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    child.stdout.resume();
    await new Promise<void>((listening, reject) => {
      createInterface(child.stderr).on('line', (text) => {
        const line = readLine(text);
        this.lines.push(line);
        if (typeof line['url'] !== 'string') return;
        this.url = line['url'];
        listening();
      });
      child.once('exit', (code) => {
        const words = this.lines.slice(-10).map(({ message }) => message);
        reject(new Error(`${this.name} ended with ${code}: ${words.join('\n')}`));
      });
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
}

/** Signers, a standby, and the market that they listen to, on loopback; every process is ours and ends with the house. */
export class QuorumHouse {
  readonly residents: Resident[] = [];
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly directory: string,
    private readonly market: Readonly<Record<string, QuoteServer>>,
    private readonly liars: Readonly<Record<string, QuoteServer>>,
  ) {}

  static async build({ signers, threshold, cutEveryMs, single = false }: HouseOptions): Promise<QuorumHouse> {
    const directory = mkdtempSync(join(tmpdir(), 'assay-quorum-'));
    const open = async (): Promise<Record<string, QuoteServer>> =>
      Object.fromEntries(await Promise.all(VENUES.map(async (name) => [name, await QuoteServer.open()] as const)));
    const house = new QuorumHouse(directory, await open(), await open());
    const keys = await anvilKeys(signers + 2);
    const keccak = await loadKeccak();
    const [ports, [alone]] = [await freePorts(signers), await freePorts(1)];
    const peers = keys.slice(0, signers).map(({ address }, at) => ({ address, url: `ws://${HOST}:${ports[at]}` }));
    const standby = keys[signers]!;
    const quorum = { threshold, toleranceBps: 50, cutEveryMs, signers: peers, followers: [standby.address] };
    const add = async (
      name: string,
      role: Resident['role'],
      key: (typeof keys)[number],
      terms: object,
    ): Promise<void> => {
      const [config, keystore] = [join(directory, name, 'config'), join(directory, name, 'key.json')];
      mkdirSync(config, { recursive: true });
      house.configure(config, house.market, terms);
      writeFileSync(keystore, await encryptKeystore(key.privateKey, key.address, PASSWORD, keccak));
      house.residents.push(new Resident(name, role, config, join(directory, name, 'data'), keystore));
    };
    for (const [at, key] of keys.slice(0, signers).entries()) await add(`signer-${at}`, 'signer', key, quorum);
    await add('standby', 'standby', standby, quorum);
    const last = keys[signers + 1]!;
    const own = {
      ...quorum,
      threshold: 1,
      signers: [{ address: last.address, url: `ws://${HOST}:${alone}` }],
      followers: [],
    };
    if (single) await add('single', 'signer', last, own);
    house.speak();
    return house;
  }

  /** From its next start on, a signer hears venues that say the price of ETH one per cent higher. */
  turnLiar(resident: Resident): void {
    this.listenTo(this.liars, resident);
  }

  /** From its next start on, a signer hears the same venues as all others. */
  turnHonest(resident: Resident): void {
    this.listenTo(this.market, resident);
  }

  /** From its next start on, everyone publishes one more feed from an instant on. */
  announce(effectiveFrom: number): void {
    for (const resident of this.residents) {
      const quorum = parse(readFileSync(join(resident.config, 'quorum.yaml'), 'utf8')) as object;
      const terms = { ...quorum, effectiveFrom: new Date(effectiveFrom).toISOString() };
      resident.next = `${resident.config}-next`;
      mkdirSync(resident.next);
      this.configure(resident.next, this.market, terms, { ...COMING, ...FEEDS });
    }
  }

  async start(): Promise<void> {
    await Promise.all(this.residents.map((resident) => resident.start()));
  }

  /** Ends every process, whatever it is doing; what it wrote stays until the house ends. */
  async silence(): Promise<void> {
    for (const { child } of this.residents) child?.kill('SIGCONT');
    await Promise.all(this.residents.map((resident) => resident.kill()));
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.silence();
    await Promise.all([...Object.values(this.market), ...Object.values(this.liars)].map((server) => server.close()));
    rmSync(this.directory, { recursive: true, force: true });
  }

  private listenTo(servers: Readonly<Record<string, QuoteServer>>, { config }: Resident): void {
    this.configure(config, servers, parse(readFileSync(join(config, 'quorum.yaml'), 'utf8')) as object);
  }

  private configure(
    directory: string,
    servers: Readonly<Record<string, QuoteServer>>,
    quorum: object,
    published = FEEDS,
  ): void {
    const shipped = (name: string): Record<string, unknown> =>
      parse(readFileSync(join(SHIPPED, `${name}.yaml`), 'utf8')) as Record<string, unknown>;
    const write = (name: string, file: object): void => writeFileSync(join(directory, `${name}.yaml`), stringify(file));
    const { defaults } = shipped('feeds') as { defaults: object };
    write('feeds', {
      ...shipped('feeds'),
      defaults: { ...defaults, minNative: 2, graceMs: 500, warmUpMs: 1_000 },
      feeds: Object.entries(published).map(([id, nominalPrice]) => ({
        id,
        decimals: 4,
        nominalPrice,
        nominalVolatility: 0.6,
        sources: { USD: VENUES },
      })),
      groups: { all: Object.keys(published) },
    });
    const venue = (name: string): object => ({
      dialect: 'generic',
      upstream: name,
      symbols: '{BASE}-{QUOTE}',
      weight: 1,
      endpoint: servers[name]?.url,
    });
    write('venues', { ...shipped('venues'), venues: Object.fromEntries(VENUES.map((name) => [name, venue(name)])) });
    write('chains', { ...shipped('chains'), chains: {} });
    write('alerts', shipped('alerts'));
    write('service', shipped('service'));
    write('quorum', quorum);
  }

  private speak(): void {
    let step = 0;
    this.timer = setInterval(() => {
      step += 1;
      const drift = 1 + ((step % 100) - 50) / 1e6;
      for (const name of VENUES) {
        for (const [feed, price] of Object.entries({ ...FEEDS, ...COMING })) {
          const instrument = feed.replace('/', '-');
          this.market[name]?.quote(instrument, price * drift, Date.now());
          this.liars[name]?.quote(instrument, price * drift * (feed === 'ETH/USD' ? 1.01 : 1), Date.now());
        }
      }
    }, QUOTE_EVERY_MS);
  }
}

/** Ports that were free a moment ago; a stranger may take one before it is used, which the start then says. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, HOST);
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}

function readLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { message: text };
  }
}
