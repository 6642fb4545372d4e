import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether the application is on its way out. Nest tells every module before it closes the server. */
@Injectable()
export class Draining implements OnModuleDestroy {
  private readonly beginning = new AbortController();
  /** Given when it begins: for what would go on for ever. */
  readonly signal: AbortSignal = this.beginning.signal;

  get hasBegun(): boolean {
    return this.signal.aborted;
  }

  begin(): void {
    this.beginning.abort();
  }

  onModuleDestroy(): void {
    this.begin();
  }
}
