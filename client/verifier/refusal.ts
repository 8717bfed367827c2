/** What a verifier refuses, by the names of the errors of contracts/src. */
export type RefusalCode =
  | 'AbsurdExponent'
  | 'AgeUnknown'
  | 'BadLength'
  | 'BadSignature'
  | 'CutsDiffer'
  | 'EpochNotInForce'
  | 'Expired'
  | 'FutureCut'
  | 'IncoherentLane'
  | 'MalformedLeaf'
  | 'MalleableSignature'
  | 'NoPrice'
  | 'NotASigner'
  | 'NotInRoot'
  | 'SignerRevoked'
  | 'TooEarly'
  | 'TooOld'
  | 'UnknownStatus'
  | 'UnsortedSignatures'
  | 'WrongSignatureCount'
  | 'ZeroPrice';

/** Bytes that prove nothing: which law they break, and by what. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly code: RefusalCode,
    detail: string,
  ) {
    super(`${code}: ${detail}`);
  }
}
