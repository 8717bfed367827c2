import { cutNumberAt } from '../../oracle/units/time';
import { proveTerms, type QuorumTerms } from '../../outbound/signing/quorum/terms';
import { configHashBytes, type Configuration } from '../../platform/config/configuration';
import type { QuorumConfiguration } from '../../platform/config/quorum';

/** What the directory of a quorum's configuration says. */
export interface QuorumSetting {
  readonly configuration: Configuration;
  readonly quorum: QuorumConfiguration;
}

/** Throws for terms under which the quorum could split. */
export function termsOf({ configuration, quorum }: QuorumSetting): QuorumTerms {
  const { threshold, toleranceBps, cutEveryMs, effectiveFrom } = quorum;
  const terms = {
    signers: quorum.signers.map(({ address }) => address).sort(),
    threshold,
    toleranceBps,
    cutEveryMs,
    epoch: configuration.service.signer.epoch,
    from: effectiveFrom === undefined ? 0 : cutNumberAt(effectiveFrom),
    configHash: configHashBytes(configuration),
  };
  proveTerms(terms);
  return terms;
}
