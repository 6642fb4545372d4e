import { MailFailedError } from './mail-failed.error.js';

it.each([
  [
    'ann@example.com',
    "Can't send mail: 550 5.1.1 <ann@example.com>: unknown",
    "Can't send mail: 550 5.1.1 <[address]>: unknown",
  ],
  ['ann@example.com', '550 no ann@EXAMPLE.com, ask postmaster@mail.example', '550 no [address], ask [address]'],
  ['"a b"@example.com', '550 "a b"@example.com is unknown', '550 [address] is unknown'],
  ['ann@example.com', 'connect ECONNREFUSED 127.0.0.1:25', 'connect ECONNREFUSED 127.0.0.1:25'],
])('contains no address: to %s, %s', (to, said, message) => {
  const error = MailFailedError.from(Object.assign(new Error(said), { code: 'EENVELOPE', rejected: [to] }), to);
  expect(error).toMatchObject({ code: 'EENVELOPE', message });
  expect(Object.keys(error).toSorted()).toEqual(['code', 'name']);
});
