import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { Settings } from '../config/settings.js';
import type { Invocation } from './invocation.js';
import { Output } from './output.js';

/** What a feature adds to the program. Its actions load what they need when they run, so that a look at the help is quick. */
export type AddCommands = (program: Command, cli: CommandLine) => void;

/** What commands work with. */
export class CommandLine {
  readonly output: Output;
  private failed = false;

  constructor(
    private readonly invocation: Invocation,
    private readonly loadModule: () => Promise<DynamicModule>,
  ) {
    this.output = new Output(invocation.stdout, invocation.stderr);
  }

  /** Aborted when the command is to end early. */
  get signal(): AbortSignal {
    return this.invocation.interruption.signal;
  }

  /** Runs the work with the application, which is closed afterwards whatever happens. */
  async open<T>(work: (app: INestApplicationContext) => Promise<T>): Promise<T> {
    const { openApp } = await import('./open-app.js');
    return openApp(await this.loadModule(), this.output, this.signal, work);
  }

  /** What the environment says, without opening anything. */
  async settings(): Promise<Settings> {
    const { SettingsModule } = await import('../config/settings.module.js');
    const { Settings } = await import('../config/settings.js');
    const { openApp } = await import('./open-app.js');
    const module = SettingsModule.forRoot(this.invocation.env);
    return openApp(module, this.output, this.signal, (app) => Promise.resolve(app.get(Settings)));
  }

  /** The answer is a bad one: the exit code will say so too. */
  fail(): void {
    this.failed = true;
  }

  get exitCode(): number {
    return this.invocation.interruption.exitCode ?? (this.failed ? 1 : 0);
  }
}
