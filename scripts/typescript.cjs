// Runs TypeScript outside Jest as the build would compile it: `node -r ./scripts/typescript.cjs bench/bench.ts`.
// Workers inherit it by execArgv. Types are not checked here: that is `npm run types`.
const { transformFileSync } = require('@swc/core');
const Module = require('node:module');

const options = require('../test/swc.json');

process.setSourceMapsEnabled(true);
Module._extensions['.ts'] = (module, file) => {
  module._compile(transformFileSync(file, options).code, file);
};
