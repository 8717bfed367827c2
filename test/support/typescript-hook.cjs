// For child processes of tests: `node --require ./test/support/typescript-hook.cjs file.ts` runs TypeScript as Jest does.
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  module._compile(transformFileSync(file, require('../swc.json')).code, file);
};
