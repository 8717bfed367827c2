/** The native half of the package, which its types do not name. */
declare module 'secp256k1/bindings' {
  export * from 'secp256k1';
}
