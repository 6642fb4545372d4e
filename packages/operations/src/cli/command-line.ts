import type { DatabaseTarget } from '@leftfold/core';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';
import type { Invocation } from './invocation.js';
import { Output } from './output.js';

/** The commands that a feature adds to the program. Their actions load code only when they run, so that help stays fast. */
export type AddCommands = (program: Command, cli: CommandLine) => void;

/** The locations of an application's databases. */
export interface ApplicationDatabases {
  readonly events: DatabaseTarget;
  readonly views: DatabaseTarget;
}

/** What a command opens besides the log and the read models that are there. */
export interface Opening {
  /** Whether the log is made if there is none. Default: the command is refused. */
  readonly mayCreateLog?: boolean;
  /** A database in place of that of the log. */
  readonly log?: DatabaseTarget;
  /** A database in place of that of the read models. It is made if there is none. */
  readonly views?: DatabaseTarget;
}

/** The application behind a command line. Each part is loaded when a command needs it, so that help stays fast. */
export interface Application {
  loadModule(opening?: Opening): Promise<DynamicModule>;
  /** Reads the settings, without starting the application. */
  databases(): Promise<ApplicationDatabases>;
  /** Turns a startup error into a sentence that says which setting to change; undefined for other errors. */
  explain(): Promise<(error: unknown) => string | undefined>;
}

/** What a command can use. */
export class CommandLine {
  readonly output: Output;
  private failed = false;

  constructor(
    private readonly invocation: Invocation,
    private readonly application: Application,
  ) {
    this.output = new Output(invocation.stdout, invocation.stderr);
  }

  /** Aborted when the command must end early. */
  get signal(): AbortSignal {
    return this.invocation.interruption.signal;
  }

  /** Runs the work with the application, says on standard error which log it opened, and closes the application afterwards in every case. */
  async open<T>(work: (app: INestApplicationContext) => Promise<T>, opening: Opening = {}): Promise<T> {
    const { openApp } = await import('./open-app.js');
    const { publicUrl } = await import('@leftfold/core');
    const { events } = await this.application.databases();
    return openApp(await this.application.loadModule(opening), this.output, this.signal, (app) => {
      this.output.note(`Opened ${publicUrl(opening.log ?? events)}`);
      return work(app);
    });
  }

  /** The application's databases, without starting the application. */
  databases(): Promise<ApplicationDatabases> {
    return this.application.databases();
  }

  /** Marks the answer as bad news: the exit code will be 1. */
  fail(): void {
    this.failed = true;
  }

  get exitCode(): number {
    return this.invocation.interruption.exitCode ?? (this.failed ? 1 : 0);
  }
}
