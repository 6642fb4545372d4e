import { AssertionError } from 'node:assert';
import { Aggregate } from '../aggregates/aggregate.decorator.js';
import { AggregateRoot } from '../aggregates/aggregate-root.js';
import { DomainEvent } from '../events/domain-event.decorator.js';
import { specOf } from './aggregate-spec.js';

@DomainEvent('letters.letter-sent')
class LetterSent {
  declare readonly type: 'letters.letter-sent';
  constructor(
    readonly to: string,
    readonly note?: string,
  ) {}
}

@Aggregate({ category: 'letter', events: [LetterSent], notFound: (id) => new Error(`There is no letter ${id}.`) })
class Letter extends AggregateRoot<LetterSent> {
  send(to: string, note?: string): void {
    this.apply(new LetterSent(to, note));
  }

  protected evolve(): void {}
}

describe('specOf', () => {
  it('expects events as they are stored: a property that is undefined is left out', () => {
    const sent = specOf(Letter, '1').when((letter) => letter.send('ann'));
    sent.thenEvents(new LetterSent('ann'));
    expect(() => sent.thenEvents(new LetterSent('ann', 'hello'))).toThrow(AssertionError);
  });
});
