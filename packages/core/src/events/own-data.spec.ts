import { KERNEL, AggregateRoot } from '../aggregates/aggregate-root.js';
import { AskedChanges } from '../decisions/changes.js';
import { encodeJson, UnstorableValueError } from './json.js';
import { detached } from './own-data.js';

class Opened {
  declare readonly type: 'boxes.opened';
  constructor(readonly items: string[]) {}
}

class Added {
  declare readonly type: 'boxes.added';
  constructor(readonly item: string) {}
}

class Box extends AggregateRoot<Opened | Added> {
  private items: string[] = [];

  open(items: string[]): void {
    this.apply(new Opened(items));
  }

  add(item: string): void {
    this.apply(new Added(item));
  }

  protected evolve(event: Opened | Added): void {
    if ('items' in event) this.items = event.items;
    else this.items.push(event.item);
  }
}

describe('an event that is recorded', () => {
  it('stays as it was when the aggregate adds to a list of it, or the caller does', () => {
    const [box, given] = [new Box('1'), ['a']];
    box.open(given);
    box.add('b');
    given.push('c');
    expect(box[KERNEL].pending).toStrictEqual([new Opened(['a']), new Added('b')]);
  });

  it('stays as it was when it is appended to another stream', () => {
    const [changes, given] = [new AskedChanges(), ['a']];
    changes.append('box-1', new Opened(given));
    given.push('b');
    expect(changes.appended.get('box-1')).toStrictEqual([new Opened(['a'])]);
  });

  it('has lists and objects of its own at all depths', () => {
    const event = Object.assign(new Opened([]), { deep: [{ list: [1, [2]], __proto__x: null, none: undefined }] });
    const own = detached(event);
    expect(own).toStrictEqual(event);
    expect(own.deep[0]!.list).not.toBe(event.deep[0]!.list);
    expect(own.deep[0]!.list[1]).not.toBe(event.deep[0]!.list[1]);
  });

  it('is the same one when it has neither', () => {
    const event = new Added('a');
    expect(detached(event)).toBe(event);
  });

  it.each<[string, (event: Record<string, unknown>) => void]>([
    ['a date', (event) => (event.at = new Date(0))],
    ['a Map', (event) => (event.at = { map: new Map() })],
    [
      'a list of another class',
      (event) =>
        (event.at = [
          new (class Other {
            x = 1;
          })(),
        ]),
    ],
    ['itself', (event) => (event.at = [event])],
    [
      'a list that has itself',
      (event) => {
        const list: unknown[] = [];
        list.push(list, list);
        event.at = list;
      },
    ],
    [
      'more depth than can be stored',
      (event) => {
        for (let depth = 0; depth < 100_000; depth++) event.at = [event.at ?? 1];
      },
    ],
  ])('with %s is refused as before', (_, spoil) => {
    const event = new Opened([]) as unknown as Record<string, unknown>;
    spoil(event);
    expect(() => encodeJson(event)).toThrow(UnstorableValueError);
    expect(() => encodeJson(detached(event))).toThrow(UnstorableValueError);
  });
});
