const transform = { '^.+\\.ts$': ['@swc/jest', require('./test/swc.json')] };
const roots = ['src', 'test', 'client', 'contracts/test'].map((folder) => `<rootDir>/${folder}`);

/** A file's name says which project runs it: `x.test.ts` unit, `x.edge.test.ts` edge, `x.evm.test.ts` evm. */
function project(displayName, testMatch, testPathIgnorePatterns = []) {
  return { displayName, roots, testMatch, testPathIgnorePatterns, testEnvironment: 'node', transform };
}

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 30_000,
  // Jest would leave one of two cores to itself; half of the time goes into waiting for processes and sockets.
  maxWorkers: '100%',
  projects: [
    project('unit', ['**/*.test.ts'], ['\\.edge\\.test\\.ts$', '\\.evm\\.test\\.ts$']),
    project('edge', ['**/*.edge.test.ts']),
    project('evm', ['**/*.evm.test.ts']),
  ],
};
