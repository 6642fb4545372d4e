export { AggregateSpec, Decision, specOf } from './aggregate-spec.js';
export { ModelSpec, modelSpec } from './model-spec.js';
export { MovableClock } from './movable-clock.js';
export { SagaSpec, sagaSpec } from './saga-spec.js';
export { expectToBeWritten } from './to-be-written.js';
