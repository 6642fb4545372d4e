import unit from './jest.config.mjs';

/** @type {import('jest').Config} */
export default { ...unit, testMatch: ['<rootDir>/test/**/*.e2e-spec.ts'] };
