/** Account 0 of every fresh anvil (https://getfoundry.sh/anvil): the whole world can sign with it. */
const PRIVATE_KEY = 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';
const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';

/** A network whose name begins so is nobody's but its own machine's. */
const LOCAL_PREFIX = 'assay-local';

export function developmentKey(): Uint8Array {
  return Buffer.from(PRIVATE_KEY, 'hex');
}

/** Wherever the key came from: throws if it is the development key and the network is not a local one. */
export function refuseDevelopmentKey(address: string, network: string): void {
  if (address !== ADDRESS || network.startsWith(LOCAL_PREFIX)) return;
  throw new Error(
    `${address} is the public development key and network "${network}" is not local: ` +
      `give a keystore of your own, or a network whose name begins with "${LOCAL_PREFIX}"`,
  );
}
