import type { DatabaseTarget } from '@leftfold/core';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { Invocation } from './invocation.js';
import { Output } from './output.js';

/** What a feature adds to the program. Its actions load what they need when they run, so that a look at the help is quick. */
export type AddCommands = (program: Command, cli: CommandLine) => void;

/** Where an application keeps what it knows. */
export interface ApplicationDatabases {
  readonly events: DatabaseTarget;
  readonly views: DatabaseTarget;
}

/** The application that a command line looks after. Everything is loaded when a command needs it, so that help is quick. */
export interface Application {
  loadModule(): Promise<DynamicModule>;
  /** What its settings say, without opening it. */
  databases(): Promise<ApplicationDatabases>;
  /** Makes a sentence of an error of the start that says which setting to change; undefined for other errors. */
  explain(): Promise<(error: unknown) => string | undefined>;
}

/** What commands work with. */
export class CommandLine {
  readonly output: Output;
  private failed = false;

  constructor(
    private readonly invocation: Invocation,
    private readonly application: Application,
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
    return openApp(await this.application.loadModule(), this.output, this.signal, work);
  }

  /** Where the application's databases are, without opening it. */
  databases(): Promise<ApplicationDatabases> {
    return this.application.databases();
  }

  /** The answer is a bad one: the exit code will say so too. */
  fail(): void {
    this.failed = true;
  }

  get exitCode(): number {
    return this.invocation.interruption.exitCode ?? (this.failed ? 1 : 0);
  }
}
