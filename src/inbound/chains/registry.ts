import type { ChainConfiguration, ReaderConfiguration } from '../../platform/config/configuration';
import type { Hex, Reader, Sequencer } from '../reader';
import { chainlinkReader } from './chainlink/chainlink-reader';
import { sequencerReader } from './chainlink/sequencer-reader';
import { rateReader, vaultReader } from './rate/rate-reader';
import { poolReader } from './uniswap-v3/pool-reader';

/** The readers of a chain, in the order of its configuration. */
export function readersOf({ readers }: Pick<ChainConfiguration, 'readers'>): Reader[] {
  return readers.map(readerOf);
}

export function sequencerOf({ sequencer }: Pick<ChainConfiguration, 'sequencer'>): Sequencer | undefined {
  return sequencer === undefined ? undefined : sequencerReader({ ...sequencer, address: hex(sequencer.address) });
}

function readerOf(reader: ReaderConfiguration): Reader {
  const address = hex(reader.address);
  switch (reader.kind) {
    case 'chainlink':
      return chainlinkReader({ ...reader, address });
    case 'erc4626':
      return vaultReader({ ...reader, address, asset: hex(reader.asset) });
    case 'rate':
      return rateReader({ ...reader, address, selector: hex(reader.selector) });
    case 'uniswap-v3':
      return poolReader({ ...reader, address, base: hex(reader.baseToken), quote: hex(reader.quoteToken) });
  }
}

/** Proved by `platform/config`; in small letters, as answers are. */
function hex(proved: string): Hex {
  return proved.toLowerCase() as Hex;
}
