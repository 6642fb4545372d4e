import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether the application is shutting down. Nest tells every module before it closes the server. */
@Injectable()
export class Draining implements OnModuleDestroy {
  private readonly beginning = new AbortController();
  /** Aborts when the shutdown begins. For work that has no end of its own. */
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
