import { DomainEvent, type DomainEventOptions, describeEvent, type EventClass } from './domain-event.decorator.js';

interface Registered {
  readonly type: 'users.registered';
  readonly userId: string;
  readonly profile: { readonly id: string; readonly email?: string };
}

it('keeps the paths of personal fields, and the kind of subject', () => {
  const described = declared({
    personal: [
      { subject: (event) => event.userId, fields: ['name', 'address.street'] },
      { subject: (event) => event.profile.id, fields: ['profile.email'], kind: 'contact' },
    ],
  });

  expect(described.personal).toMatchObject([
    { kind: 'person', fields: [{ path: 'name' }, { path: 'address.street', names: ['address', 'street'] }] },
    { kind: 'contact', fields: [{ path: 'profile.email' }] },
  ]);
  expect(described.forgets).toBeUndefined();
});

it('knows whom an event forgets', () => {
  const event = { userId: 'ann' };

  const plain = declared({ forgets: ({ userId }) => userId }).forgets!;
  const kind = declared({ forgets: { kind: 'contact', subject: ({ userId }) => userId } }).forgets!;

  expect([plain.kind, plain.subject(event)]).toEqual(['person', 'ann']);
  expect([kind.kind, kind.subject(event)]).toEqual(['contact', 'ann']);
});

it.each<[string, DomainEventOptions<Registered>['personal'], RegExp]>([
  ['no fields', [{ subject: id, fields: [] }], /has no fields/],
  ['an empty path', [{ subject: id, fields: [''] }], /"" is no path of a field/],
  ['a path with an empty name', [{ subject: id, fields: ['address..street'] }], /"address..street" is no path/],
  ['a reserved name', [{ subject: id, fields: ['$personal.name'] }], /the name "\$personal" has a meaning/],
  ['one field twice', [{ subject: id, fields: ['name', 'name'] }], /"name" is declared as personal twice/],
  [
    'a field in two entries',
    [
      { subject: id, fields: ['name'] },
      { subject: ({ profile }) => profile.id, fields: ['name'] },
    ],
    /"name" is declared as personal twice/,
  ],
  ['a field in another one', [{ subject: id, fields: ['address', 'address.street'] }], /one is inside the other/],
  ['a personal subject', [{ subject: id, fields: ['userId'] }], /read from the personal field "userId"/],
  [
    'a subject inside of a personal field',
    [{ subject: ({ profile }) => profile.id.toLowerCase(), fields: ['profile'] }],
    /read from the personal field "profile"/,
  ],
  ['an empty kind', [{ subject: id, fields: ['name'], kind: ' ' }], /a kind of subject is empty/],
])('refuses %s', (_what, personal, message) => {
  expect(() => declared({ personal })).toThrow(message);
});

it('accepts a subject beside a personal field whose name begins the same', () => {
  expect(declared({ personal: [{ subject: id, fields: ['user'] }] }).personal).toHaveLength(1);
});

it('refuses personal fields in an event that forgets', () => {
  expect(() => declared({ personal: [{ subject: id, fields: ['name'] }], forgets: id })).toThrow(
    /it forgets a subject, so it can have no personal fields/,
  );
});

function id({ userId }: Registered): string {
  return userId;
}

function declared(options: DomainEventOptions<Registered>) {
  class AnyEvent {
    declare readonly type: 'users.registered';
  }
  DomainEvent('users.registered', options)(AnyEvent as EventClass<Registered>);
  return describeEvent(AnyEvent);
}
