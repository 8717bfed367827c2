import type { Address } from 'viem' with { 'resolution-mode': 'import' };
import { SECOND_MS, TICK_MS } from '../../src/oracle/units/time';
import type { Carried } from './carried-group';
import { deployContract, type Deployed } from './contracts';
import { anvilRpc } from './relay-anvil';

/** Of every asset, to everyone: more than a test moves. */
const FLOAT = 10n ** 30n;
const GOVERNOR = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

export interface ListedAsset {
  /** Of the group. */
  readonly place: number;
  readonly tokenDecimals: number;
  readonly priceDecimals: number;
}

interface Amount {
  readonly asset: number;
  readonly units: number;
}

interface MarginTerms {
  readonly network: string;
  readonly signer: string;
  readonly group: string;
  readonly assets: readonly ListedAsset[];
  /** Of its worth: what counts for new risk, and until liquidation. */
  readonly collateralBps: number;
  readonly maintenanceBps: number;
}

/** `contracts/examples/CrossMarginAccount.sol` on a chain of `startAnvil`, whose accounts all have plenty of every token. */
export class MarginAccounts {
  private constructor(
    private readonly url: string,
    private readonly contract: Deployed,
    private readonly assets: readonly ListedAsset[],
    /** Anvil's own, each with ether; the first has deployed everything. */
    readonly people: readonly Address[],
  ) {}

  static async deploy(url: string, terms: MarginTerms, carried: Carried): Promise<MarginAccounts> {
    const { network, signer, group, assets, collateralBps, maintenanceBps } = terms;
    const verifier = await deployContract(url, 'AssayVerifier', [network, GOVERNOR, 1, [signer], 1]);
    const people = (await anvilRpc(url, 'eth_accounts')) as Address[];
    const listed = [];
    const tokens: Deployed[] = [];
    for (const asset of assets) {
      const token = await deployContract(url, 'Token', []);
      tokens.push(token);
      listed.push({ ...asset, token: token.address, collateralBps, maintenanceBps, spreadPpm: 1_000 });
    }
    await setTime(url, carried);
    const args = [verifier.address, group, 60_000, listed, carried.message];
    const contract = await deployContract(url, 'CrossMarginAccount', args);
    for (const token of tokens) {
      for (const holder of [...people, contract.address]) await token.send('mint', [holder, FLOAT]);
    }
    return new MarginAccounts(url, contract, assets, people);
  }

  /** Deposits, tops up or repays. */
  async pay(by: Address, asset: number, units: number): Promise<void> {
    await this.contract.send('pay', [by, asset, this.amount(asset, units)], by);
  }

  /** Withdraws or borrows. Rejects by the contract's error. */
  async take(by: Address, asset: number, units: number, carried: Carried): Promise<void> {
    await setTime(this.url, carried);
    await this.contract.send('take', [asset, this.amount(asset, units), carried.message], by);
  }

  /** Anyone may: here the last of the chain's accounts does. */
  async liquidate(account: Address, repaid: Amount, collateral: number, carried: Carried): Promise<void> {
    await setTime(this.url, carried);
    const { asset, units } = repaid;
    const args = [account, asset, this.amount(asset, units), collateral, carried.message];
    await this.contract.send('liquidate', args, this.people.at(-1));
  }

  /** In units; below zero what is owed. */
  async balance(account: Address, asset: number): Promise<number> {
    const balance = await this.contract.read<bigint>('balances', [account, asset], 0);
    return Number(balance) / 10 ** this.decimals(asset);
  }

  private amount(asset: number, units: number): bigint {
    return BigInt(Math.round(units * 10 ** this.decimals(asset)));
  }

  private decimals(asset: number): number {
    return this.assets[asset]?.tokenDecimals ?? NaN;
  }
}

/** A block of the message's own instant: how long a test takes is none of the contract's business. */
async function setTime(url: string, { cut }: Carried): Promise<void> {
  await anvilRpc(url, 'evm_setTime', Math.ceil((cut * TICK_MS) / SECOND_MS));
  await anvilRpc(url, 'evm_mine');
}
