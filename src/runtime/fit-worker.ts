import { parentPort } from 'node:worker_threads';
import { fitGarch } from '../oracle/risk/garch';

parentPort?.on('message', (returns: Float64Array) => {
  parentPort?.postMessage(fitGarch(returns));
});
