import MailComposer from 'nodemailer/lib/mail-composer';
import { headerOf, textOf } from '../testing/mail-server.js';
import { compose } from './compose.js';
import type { Mail } from './mailer.js';

const FROM = { name: 'Leftfold', address: 'no-reply@leftfold.example' };
const MAIL: Mail = {
  id: 'test.1',
  to: 'ann@example.com',
  subject: 'A subject',
  text: 'Hello Ann,\n\nthis is it.\n',
  date: new Date('2026-01-31T12:00:00.000Z'),
};

const built = async (mail: Partial<Mail> = {}, from = FROM): Promise<string> =>
  (await new MailComposer(compose({ ...MAIL, ...mail }, from)).compile().build()).toString();

it('sets sender, recipient, subject, date, message id, and a mark that the mail is automatic', async () => {
  const source = await built();

  const headers = ['From', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted'].map((name) =>
    headerOf(source, name),
  );
  expect(headers).toEqual([
    'Leftfold <no-reply@leftfold.example>',
    'ann@example.com',
    'A subject',
    'Sat, 31 Jan 2026 12:00:00 +0000',
    '<test.1@leftfold.example>',
    'auto-generated',
  ]);
  expect(textOf(source)).toBe('Hello Ann,\r\n\r\nthis is it.\r\n');
});

it('gives the same bytes at any time', async () => {
  const text = 'Grüß dich, '.repeat(30);

  expect(await built({ text })).toBe(await built({ text }));
  expect(await built({ text })).not.toBe(await built({ text, id: 'test.2' }));
});

it.each([
  ['a name with a line break', { name: 'Leftfold\r\nBcc: eve@example.com', address: FROM.address }, {}],
  ['a subject with one', FROM, { subject: 'x\r\nBcc: eve@example.com' }],
  ['an address with one', FROM, { to: 'ann@example.com\r\nBcc: eve@example.com' }],
])('makes no header out of %s', async (_what, from, mail) => {
  expect(headerOf(await built(mail, from), 'Bcc')).toBeUndefined();
});

it.each(['eve@example.com, ann', 'eve@example.com ann', 'eve;ann'])(
  'treats %s@example.com as one recipient',
  (local) => {
    const { to } = new MailComposer(compose({ ...MAIL, to: `${local}@example.com` }, FROM)).compile().getEnvelope();

    expect(to).toEqual([`"${local}"@example.com`]);
  },
);

it('writes a domain beyond ASCII in its ASCII form, as mail servers require', async () => {
  const source = await built({}, { name: '', address: 'no-reply@bücher.example' });

  expect(headerOf(source, 'Message-ID')).toBe('<test.1@xn--bcher-kva.example>');
});
