import { Query } from '@nestjs/cqrs';
import { type DeadLetter, ReadsFrom } from '../../../event-sourcing/index.js';

@ReadsFrom()
export class GetDeadLetterQuery extends Query<DeadLetter> {
  constructor(readonly id: string) {
    super();
  }
}
