import { ValidationFailedError } from '@leftfold/http';
import { refusedFields } from '@leftfold/http/testing';
import type { Type } from '@nestjs/common';
import { ChangeEmailDto } from './commands/change-email/change-email.dto.js';
import { ChangePasswordDto } from './commands/change-password/change-password.dto.js';
import { ChangeUsernameDto } from './commands/change-username/change-username.dto.js';
import { RegisterUserDto } from './commands/register-user/register-user.dto.js';
import { ResetPasswordDto } from './commands/reset-password/reset-password.dto.js';
import { RevertProfileDto } from './commands/revert-profile/revert-profile.dto.js';
import { SignInDto } from './commands/sign-in/sign-in.dto.js';
import { isUserId } from './cursors.js';
import { ListUsersDto } from './queries/list-users/list-users.dto.js';
import { RoleParam } from './role-param.pipe.js';

const NAMES = { username: 'Ann', email: 'ann@example.com', password: 'correct horse' };
const NO_TEXTS = [7, true, null, undefined, [], ['a@example.com'], {}, { $ne: '' }];

/** Control and bidi characters, characters without width or glyph, and uncommon spaces. */
const UNSEEN = Array.from(
  '\u0007\u0085\u202E\u2066\u200B\u200D\uFEFF\uFE0F\u034F\u3164\uFFA0\u115F\u17B4\u180B\u2028\u2029\u00AD\u00A0\u2003\u2800\u{E0041}',
);

/** For each DTO, a valid example, and invalid values for each of its fields. */
const BODIES: [Type, Record<string, unknown>, Record<string, unknown[]>][] = [
  [
    RegisterUserDto,
    NAMES,
    {
      username: [
        ...NO_TEXTS,
        '',
        '   ',
        'x'.repeat(65),
        'a\u0000b',
        'a\nb',
        'a\u200Eb',
        ...UNSEEN.flatMap((sign) => [`a${sign}b`, `a${sign}`, `${sign}a`]),
      ],
      email: [
        ...NO_TEXTS,
        '',
        'ann',
        'ann@example.com, bob@example.com',
        `${'x'.repeat(250)}@example.com`,
        'a\u0000@b.example',
        ...UNSEEN.map((sign) => `a${sign}b@example.com`),
        ...UNSEEN.map((sign) => `ab@exa${sign}mple.com`),
        'a@b\u3002example.com',
      ],
      password: [...NO_TEXTS, 'x'.repeat(9), 'x'.repeat(129), '🔑'.repeat(9), '🔑'.repeat(129)],
    },
  ],
  [
    ChangeEmailDto,
    { email: NAMES.email, currentPassword: 'x' },
    {
      email: [...NO_TEXTS, '', '  ', 'a\u0000@example.com', `${'x'.repeat(300)}@example.com`],
      currentPassword: [...NO_TEXTS, 'x'.repeat(129)],
    },
  ],
  [
    ChangePasswordDto,
    { currentPassword: 'x', newPassword: NAMES.password },
    { currentPassword: [...NO_TEXTS, 'x'.repeat(129)], newPassword: [...NO_TEXTS, 'x'.repeat(9), 'x'.repeat(129)] },
  ],
  [
    ResetPasswordDto,
    { token: 'a.b.c', newPassword: NAMES.password },
    { token: [...NO_TEXTS, 'x'.repeat(201)], newPassword: [...NO_TEXTS, 'x'.repeat(9)] },
  ],
  [ChangeUsernameDto, { username: NAMES.username }, { username: [...NO_TEXTS, '', '  ', 'a\u0000', 'x'.repeat(300)] }],
  [
    SignInDto,
    { email: NAMES.email, password: 'x' },
    { email: [...NO_TEXTS, `${'a'.repeat(300)}@example.com`], password: [...NO_TEXTS, 'x'.repeat(200)] },
  ],
  [
    RevertProfileDto,
    { toVersion: 1 },
    { toVersion: [0, -1, 1.5, 2 ** 53, '1', 'one', '', true, null, [1], { version: 1 }, undefined] },
  ],
];

describe.each(BODIES)('%p', (dto, valid, wrong) => {
  it('accepts a valid example', async () => expect(await refusedFields(dto, valid)).toEqual([]));

  it('requires every field', async () =>
    expect((await refusedFields(dto, {})).toSorted()).toEqual(Object.keys(valid).toSorted()));

  it.each(['admin', 'userId', 'roles', ''])('refuses the unknown field "%s"', async (name) =>
    expect(await refusedFields(dto, { ...valid, [name]: { x: 1 } })).toEqual([name]),
  );

  it.each(Object.entries(wrong).flatMap(([field, values]) => values.map((value) => [field, value])))(
    'refuses as %s: %j',
    async (field, value) => expect(await refusedFields(dto, { ...valid, [field as string]: value })).toEqual([field]),
  );
});

it.each([
  ['password', 'x'.repeat(10)],
  ['password', 'x'.repeat(128)],
  ['password', '🔑'.repeat(10)],
  ['password', '🔑'.repeat(128)],
  ['password', ' '.repeat(10)],
  ['password', '\u0000'.repeat(10)],
  ['username', 'x'.repeat(64)],
  ['username', ` ${'x'.repeat(64)} `],
  ['email', ' ann@example.com\t'],
  ['email', 'ann@müller.example'],
  ['email', 'ann@MU\u0308LLER.example'],
  ['email', 'ann@xn--mller-kva.example'],
  ['username', "Zoë O'Hara-李"],
])('a registration accepts as %s: %j', async (field, value) => {
  expect(await refusedFields(RegisterUserDto, { ...NAMES, [field]: value })).toEqual([]);
});

it('a sign-in accepts an address and a password that no user has', async () => {
  expect(await refusedFields(SignInDto, { email: 'no address', password: '' })).toEqual([]);
});

it.each([
  ['email', ['a', 'b']],
  ['email', { like: 'a' }],
  ['email', 'a'.repeat(300)],
  ['email', 'a\u0000b'],
  ['username', 'a'.repeat(300)],
  ['username', 'a\u0000b'],
  ['limit', '0'],
  ['cursor', 'a'.repeat(3_000)],
  ['password', 'x'],
  ['after', '1'],
])('a search of users refuses as %s: %j', async (field, value) => {
  expect(await refusedFields(ListUsersDto, { [field]: value }, 'query')).toEqual([field]);
});

it.each([{}, { email: '%' }, { email: '', username: '' }])('a search of users accepts %j', async (query) => {
  expect(await refusedFields(ListUsersDto, query, 'query')).toEqual([]);
});

it.each(['root', 'Operator', 'operators', '__proto__', ''])('%s is no role', (role) => {
  expect(() => new RoleParam().transform(role)).toThrow(ValidationFailedError);
});

it('a cursor of users is a user id', () => {
  expect(isUserId('01890a5d-ac96-774b-bcce-b302099a8057')).toBe(true);
  for (const other of ['7', 7, null, undefined, {}]) expect(isUserId(other)).toBe(false);
});
