import { relative } from 'node:path';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { writeCounters } from '../code-coverage/counters.mjs';
import { cpuUse, writeCpuUse } from './cpu-use.mjs';

/** The folder for counters, when coverage is measured. */
const COVERAGE = process.env.LEFTFOLD_COVERAGE;
/** The table for the CPU time of each test file, when that is asked for. */
const CPU_TABLE = process.env.LEFTFOLD_CPU_TABLE;

/**
 * A Jest environment without a VM context: tests run in the worker process itself, so a module that one file has imported is
 * there for the next.
 */
export default class NativeEnvironment {
  global = globalThis;
  fakeTimers = null;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimersModern;
  exit = process.exit.bind(process);
  cpuBefore = cpuUse();

  /**
   * @param {import('@jest/environment').JestEnvironmentConfig} config
   * @param {import('@jest/environment').EnvironmentContext} context
   */
  constructor({ projectConfig }, { testPath }) {
    this.testFile = relative(projectConfig.rootDir, testPath);
    if (COVERAGE) process.env.LEFTFOLD_COVERAGE_OF = this.testFile;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    if (COVERAGE) writeCounters(COVERAGE, this.testFile);
    if (CPU_TABLE) writeCpuUse(CPU_TABLE, this.testFile, this.cpuBefore);
    this.fakeTimersModern.dispose();
    this.moduleMocker.restoreAllMocks();
    // Jest wraps it anew for each file.
    process.exit = this.exit;
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return null;
  }
}
