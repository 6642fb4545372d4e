import { relative } from 'node:path';
import { ModernFakeTimers } from '@jest/fake-timers';
import { ModuleMocker } from 'jest-mock';
import { writeCounters } from '../code-coverage/counters.mjs';

/** The folder for counters, when coverage is measured. */
const COVERAGE = process.env.LEFTFOLD_COVERAGE;

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
