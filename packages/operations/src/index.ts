export { OperatorAccess } from './access/operator-access.js';
export { OperatorsOnly } from './access/operators-only.decorator.js';
export { describeFault, printError, printFault } from './cli/report-faults.js';
export { HttpMetrics } from './metrics/http-metrics.js';
export { ForgettingAgain } from './personal-data/forgetting-again.js';
export type { OperationsOptions } from './operations-options.js';
export { type OperationsAsyncOptions, OperationsModule, type OperationsModuleOptions } from './operations.module.js';
