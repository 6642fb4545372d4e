import { Subject } from 'rxjs';
import type { DatabaseKind } from '../databases/database-url.js';
import { ScheduleClock } from '../sagas/outbox/schedule-clock.js';

/** The database's clock, with an offset that a test moves, so that scheduled commands come due without waiting. */
export class MovableClock extends ScheduleClock {
  private readonly moved = new Subject<void>();
  override readonly moved$ = this.moved.asObservable();
  private ahead = 0;

  override now(kind: DatabaseKind): string {
    return `(${super.now(kind)} + ${this.ahead})`;
  }

  /** @param by in ms, whole; a negative number moves it back */
  moveOn(by: number): void {
    this.ahead += by;
    this.moved.next();
  }
}
