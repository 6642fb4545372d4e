import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Whether the application is on its way out. Nest tells every module before it closes the server. */
@Injectable()
export class Draining implements OnModuleDestroy {
  private begun = false;

  get hasBegun(): boolean {
    return this.begun;
  }

  begin(): void {
    this.begun = true;
  }

  onModuleDestroy(): void {
    this.begin();
  }
}
